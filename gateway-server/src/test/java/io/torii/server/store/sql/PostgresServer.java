package io.torii.server.store.sql;

import io.torii.api.Secret;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL that wants a password, from the binaries of the package registry. One for all test classes, ended
 * with their JVM. Since it refuses to run as root, root runs it as nobody. Thread-safe.
 */
public final class PostgresServer {
    static final String USER = "torii";
    static final Secret PASSWORD = new Secret("moon & sun");

    private static final int NOBODY = 65_534;
    private static final int LIMIT_SECONDS = 60;

    private final Path home;
    private final Path data;
    private final boolean asNobody;
    private final int port;
    private int databases;

    private static final class Shared {
        static final Optional<PostgresServer> SERVER = launch();

        private static Optional<PostgresServer> launch() {
            try {
                PostgresServer server = new PostgresServer();
                Runtime.getRuntime().addShutdownHook(new Thread(server::discard));
                server.prepare();
                server.start();
                return Optional.of(server);
            } catch (IOException | UncheckedIOException e) {
                System.out.println("Tests on PostgreSQL are skipped: " + e.getMessage());
                return Optional.empty();
            }
        }
    }

    /** The server of this JVM; where there can be none, the test is skipped. */
    public static PostgresServer shared() {
        Assumptions.assumeTrue(Shared.SERVER.isPresent(), "PostgreSQL cannot be run here");
        return Shared.SERVER.orElseThrow();
    }

    private PostgresServer() throws IOException {
        home = Files.createTempDirectory("postgres");
        data = home.resolve("data");
        asNobody = Integer.valueOf(0).equals(Files.getAttribute(home, "unix:uid"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private void prepare() throws IOException {
        Path password = Files.writeString(home.resolve("password"), PASSWORD.value());
        if (asNobody) {
            Files.setAttribute(home, "unix:uid", NOBODY);
            Files.setAttribute(password, "unix:uid", NOBODY);
        }
        unpack();
        run("initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "-N");
    }

    /** A database of its own, with nothing in it. */
    public synchronized DatabaseSettings newDatabase(int connections) throws SQLException {
        String name = "test" + ++databases;
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, PASSWORD.value());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return new DatabaseSettings(url(name), Optional.of(USER), Optional.of(PASSWORD), connections);
    }

    /** As it was when it was stopped. */
    public void start() throws IOException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
                + " -c max_connections=200";
        run("pg_ctl", "start", "-w", "-D", data, "-l", home.resolve("log"), "-o", options);
    }

    /** As if it were killed: its clients hear nothing but the end of their connections. */
    public void stop() throws IOException {
        run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data);
    }

    /** Its connections stay, but nobody answers. */
    public void freeze() throws IOException {
        signal("-STOP");
    }

    /** It answers again. */
    public void thaw() throws IOException {
        signal("-CONT");
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void discard() {
        try {
            if (Files.exists(data.resolve("postmaster.pid"))) {
                stop();
            }
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            System.out.println("Left behind: " + home + ": " + e.getMessage());
        }
    }

    private void unpack() throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        Path archive = home.resolve("postgres.tar");
        try (InputStream packed =
                new XZInputStream(DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine))) {
            Files.copy(packed, archive);
        }
        call(unprivileged("tar", "-x", "-f", archive, "-C", home));
        Files.delete(archive);
    }

    private void run(String program, Object... arguments) throws IOException {
        call(unprivileged(home.resolve("bin").resolve(program), arguments));
    }

    private List<String> unprivileged(Object program, Object... arguments) {
        List<String> command = new ArrayList<>();
        if (asNobody) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.add(program.toString());
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    private void signal(String signal) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", signal));
        Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(process -> Long.toString(process.pid()))
                .forEach(command::add);
        call(command);
    }

    private void call(List<String> command) throws IOException {
        Path output = home.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command + " was interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + ": " + Files.readString(output).strip());
        }
    }
}
