package io.torii.it.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Spark's own server, which is server and engine in one process: its cold start is a start of all. */
final class SparkThriftServer implements Opponent {
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar",
            "java.security.jgss/sun.security.krb5");

    private final Path sparkHome;
    private final Path directory;
    private final int port = ServerProcess.freePort();
    private volatile Optional<ServerProcess> server = Optional.empty();

    SparkThriftServer(Path sparkHome, Path directory) {
        this.sparkHome = sparkHome;
        this.directory = directory;
    }

    /** Why it cannot be started from this Spark; empty if it can. */
    static Optional<String> missing(Path sparkHome) {
        try (Stream<Path> jars = Files.list(sparkHome.resolve("jars"))) {
            return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("spark-hive-thriftserver_"))
                    ? Optional.empty()
                    : Optional.of("there is no spark-hive-thriftserver in " + sparkHome.resolve("jars"));
        } catch (IOException unreadable) {
            return Optional.of("there is no Spark at " + sparkHome);
        }
    }

    @Override
    public String name() {
        return "Spark Thrift Server";
    }

    @Override
    public void start() throws Exception {
        launch();
        Opponent.secondsToRow(client(USER));
    }

    private void launch() {
        try {
            Files.createDirectories(directory.resolve("tmp"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        ServerProcess started = ServerProcess.start(
                name(),
                directory,
                command(),
                Map.of("SPARK_HOME", sparkHome.toString(), "SPARK_LOCAL_IP", "127.0.0.1"));
        server = Optional.of(started);
        started.awaitPort(port);
    }

    /** As {@code spark-submit} would start it, without the launcher's own process before it. */
    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + SparkSettings.MEMORY);
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.add("-Djdk.reflect.useDirectMethodHandle=false");
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", sparkHome.resolve("jars") + File.separator + "*"));
        command.add("org.apache.spark.deploy.SparkSubmit");
        SparkSettings.in(directory).forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        command.addAll(
                List.of("--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "spark-internal"));
        command.addAll(List.of("--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1"));
        command.addAll(List.of("--hiveconf", "hive.server2.thrift.port=" + port));
        return command;
    }

    @Override
    public String url() {
        return "jdbc:hive2://127.0.0.1:" + port + "/default";
    }

    @Override
    public List<ProcessHandle> processes() {
        return server.map(ServerProcess::processes).orElse(List.of());
    }

    /** The start of another such process, until it has answered; nearest to an engine's start, but nobody starts it on demand. */
    @Override
    public FirstRow firstRow(int turn) throws Exception {
        long start = System.nanoTime();
        try (SparkThriftServer another = new SparkThriftServer(sparkHome, directory.resolve("cold-" + turn))) {
            another.start();
            return new FirstRow((System.nanoTime() - start) / 1e9, Optional.empty());
        }
    }

    @Override
    public void close() {
        server.ifPresent(ServerProcess::close);
    }
}
