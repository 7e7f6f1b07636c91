package io.torii.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A gateway as a process of its own, with the local cluster and all it keeps in one directory. Closing it ends the
 * gateway, its engines and its metastore. One thread at a time.
 */
public final class World implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Path directory;
    private final Map<String, String> environment;
    private Process gateway;
    private Properties ports;

    private World(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * Starts a gateway and waits until it listens.
     *
     * @param directory an empty one for what the world keeps
     * @param configuration the text of its {@code torii.yaml}
     */
    public static World start(Path directory, String configuration) {
        return start(directory, configuration, Map.of());
    }

    /** As above, with further environment variables; ports are free ones unless they say otherwise. */
    public static World start(Path directory, String configuration, Map<String, String> variables) {
        try {
            Path conf = Files.createDirectories(directory.resolve("conf"));
            Files.writeString(conf.resolve("torii.yaml"), configuration);
            Map<String, String> environment = new TreeMap<>();
            environment.put("TORII_CONF_DIR", conf.toString());
            environment.put("TORII_WORK_DIR", directory.resolve("work").toString());
            environment.put("TORII_LOG_DIR", directory.resolve("logs").toString());
            environment.put("TORII_THRIFT_PORT", "0");
            environment.put("TORII_THRIFT_HTTP_PORT", "0");
            environment.put("TORII_HOME_PORT", "0");
            environment.put("TORII_ADMIN_PORT", "0");
            environment.putAll(variables);
            World world = new World(directory, environment);
            world.startGateway();
            return world;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Starts the gateway again, after it has ended, on the ports that it had. */
    public void restartGateway() throws IOException {
        environment.put("TORII_THRIFT_PORT", ports.getProperty("thrift"));
        environment.put("TORII_THRIFT_HTTP_PORT", ports.getProperty("thrift-http"));
        environment.put("TORII_HOME_PORT", ports.getProperty("home"));
        startGateway();
    }

    private void startGateway() throws IOException {
        Path portsFile = directory.resolve("work/ports.properties");
        Files.deleteIfExists(portsFile);
        ProcessBuilder builder =
                new ProcessBuilder(Home.directory().resolve("bin/torii").toString(), "run");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                directory.resolve("gateway.out").toFile()));
        gateway = builder.start();
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(portsFile)) {
            if (!gateway.isAlive() || System.nanoTime() > limit) {
                gateway.destroyForcibly();
                throw new IllegalStateException("the gateway did not start:\n" + output());
            }
            pause();
        }
        ports = new Properties();
        try (InputStream in = Files.newInputStream(portsFile)) {
            ports.load(in);
        }
    }

    public int thriftPort() {
        return Integer.parseInt(ports.getProperty("thrift"));
    }

    /** Where health, metrics and status are. */
    public int adminPort() {
        return Integer.parseInt(ports.getProperty("admin"));
    }

    /** {@code jdbc:hive2://127.0.0.1:port/} and what is to follow. */
    public String url(String rest) {
        return "jdbc:hive2://127.0.0.1:" + thriftPort() + "/" + rest;
    }

    public int httpPort() {
        return Integer.parseInt(ports.getProperty("thrift-http"));
    }

    /** As {@link #url}, over HTTP. */
    public String httpUrl(String rest) {
        String database = rest.split("[?#]", 2)[0];
        return "jdbc:hive2://127.0.0.1:" + httpPort() + "/" + database + ";transportMode=http;httpPath=cliservice"
                + rest.substring(database.length());
    }

    public Path directory() {
        return directory;
    }

    public Path workDirectory() {
        return directory.resolve("work");
    }

    public ProcessHandle gateway() {
        return gateway.toHandle();
    }

    /** Ends the gateway as a crash would. */
    public void killGateway() {
        gateway.destroyForcibly();
        await(gateway.toHandle());
    }

    /** The processes of engines that live now, by what their launch directories say. */
    public List<ProcessHandle> engines() {
        Path clusters = workDirectory().resolve("clusters");
        if (!Files.isDirectory(clusters)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(
                clusters, 4, (file, attributes) -> file.endsWith("process.properties") && isOfEngine(file))) {
            return files.flatMap(World::processOf).toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static boolean isOfEngine(Path file) {
        return file.getParent().getParent().endsWith("engines");
    }

    /** Everything that the gateway has printed. */
    public String output() {
        try {
            Path printed = directory.resolve("gateway.out");
            return Files.exists(printed) ? Files.readString(printed, StandardCharsets.UTF_8) : "";
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Ends the gateway, and whatever it has started. */
    @Override
    public void close() {
        gateway.destroy();
        await(gateway.toHandle());
        List<ProcessHandle> left = new ArrayList<>(engines());
        processOf(workDirectory().resolve("metastore/process.properties")).forEach(left::add);
        left.forEach(ProcessHandle::destroy);
        left.forEach(World::await);
    }

    /** The process of such a record, if it lives. */
    private static Stream<ProcessHandle> processOf(Path record) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(record)) {
            properties.load(in);
            return ProcessHandle.of(Long.parseLong(properties.getProperty("pid", "")))
                    .filter(ProcessHandle::isAlive)
                    .stream();
        } catch (IOException | NumberFormatException unreadable) {
            return Stream.empty();
        }
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(30, TimeUnit.SECONDS);
        } catch (Exception late) {
            process.destroyForcibly();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway started", interrupted);
        }
    }
}
