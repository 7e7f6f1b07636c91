package io.torii.it.acceptance;

import io.torii.it.HiveDriver;
import io.torii.it.Home;
import io.torii.it.RawClient;
import io.torii.it.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway with passwords and small budgets for results, shared by all acceptance tests and ended with the JVM. */
final class Spine {
    static final String PASSWORD = "wonder-land-7261";
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final World WORLD = start();

    private Spine() {}

    static World world() {
        return WORLD;
    }

    private static World start() {
        try {
            Path directory = Files.createTempDirectory("torii-spine-");
            Path users = directory.resolve("users");
            String hash = hash();
            Files.writeString(users, "alice:%s\nbob:%s\ncarol:%s\n".formatted(hash, hash, hash));
            World world = World.start(
                    directory,
                    """
                    authentication:
                      type: file
                      file:
                        path: %s
                    engine:
                      heartbeat-interval: 1s
                      silence-limit: 6s
                      result-memory: 8MB
                      result-disk: 64MB
                    clusters:
                      - name: local
                        type: local
                        metastore: none
                        settings:
                          spark.master: "local[2]"
                          spark.driver.memory: 1g
                    """
                            .formatted(users));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                world.close();
                delete(directory);
            }));
            return world;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static String hash() throws IOException {
        Process process =
                new ProcessBuilder(Home.directory().resolve("bin/torii").toString(), "hash-password").start();
        try (var in = process.getOutputStream()) {
            in.write((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static Connection connect(String user) throws SQLException {
        return DRIVER.connect(WORLD.url("default"), user, PASSWORD);
    }

    static Connection connectTo(String url, String user) throws SQLException {
        return DRIVER.connect(url, user, PASSWORD);
    }

    static RawClient raw(String user) throws Exception {
        return RawClient.connect(WORLD.thriftPort(), user, PASSWORD);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows, their columns joined by a bar. */
    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    static HttpResponse<String> admin(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + WORLD.adminPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Bytes of results that engines have on disk, in files that have no name any more. */
    static long spilled() throws IOException {
        long bytes = 0;
        for (ProcessHandle engine : WORLD.engines()) {
            try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(engine.pid()), "fd"))) {
                for (Path file : files.toList()) {
                    bytes += isOfAResult(file) ? Files.size(file) : 0;
                }
            }
        }
        return bytes;
    }

    private static boolean isOfAResult(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().contains(".pages");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** Something that may not hold yet. */
    @FunctionalInterface
    interface Assertion {
        void check() throws Exception;
    }

    static void eventually(Duration limit, Assertion assertion) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                assertion.check();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
