package io.torii.mini;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** One daemon of Hadoop as a process, that can be killed and started again. One thread at a time. */
final class Daemon {
    private static final int LAST_LINES = 40;

    private final String main;
    private final List<String> arguments;
    private final String classPath;
    private final Path configuration;
    private final Path directory;
    private final Map<String, String> environment;
    private Process process;
    private boolean killed;

    /** @param classPath where its program is; {@link #hadoop()} for Hadoop's own */
    Daemon(
            String main,
            List<String> arguments,
            String classPath,
            Path configuration,
            Path directory,
            Map<String, String> environment) {
        this.main = main;
        this.classPath = classPath;
        this.arguments = List.copyOf(arguments);
        this.configuration = configuration;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    void start() {
        try {
            Files.createDirectories(directory.resolve("tmp"));
            Files.writeString(directory.resolve("java.args"), jvm());
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
            command.add("@" + directory.resolve("java.args"));
            command.add(main);
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("HADOOP_CONF_DIR", configuration.toString());
            builder.environment().putAll(environment);
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
            process = builder.start();
            killed = false;
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Returns once the process is gone. */
    void kill() {
        killed = true;
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends it this signal. */
    void signal(String name) throws IOException {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("kill -" + name + " ended with " + status);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Of a command: waits until it has done its work. */
    void awaitEnd() throws IOException {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(main + " " + arguments + " failed:\n" + lastWords());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    boolean hasFailed() {
        return process != null && !killed && !isAlive();
    }

    String lastWords() {
        try {
            List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** What it prints, which is not its log. */
    Path output() {
        return directory.resolve("out");
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String jvm() throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory.resolve("tmp"),
                "-Dtest.build.data=" + directory.resolve("data"),
                "-Dhadoop.tmp.dir=" + directory.resolve("tmp"),
                "-Djava.net.preferIPv4Stack=true",
                "-Dlog4j.configuration=" + logging().toUri()));
        options.add("-cp");
        options.add(configuration + ":" + classPath);
        StringBuilder text = new StringBuilder();
        options.forEach(option -> text.append('"').append(option).append("\"\n"));
        return text.toString();
    }

    private Path logging() throws IOException {
        Properties logging = new Properties();
        logging.put("log4j.rootLogger", "INFO, out");
        logging.put("log4j.appender.out", "org.apache.log4j.ConsoleAppender");
        logging.put("log4j.appender.out.target", "System.err");
        logging.put("log4j.appender.out.layout", "org.apache.log4j.PatternLayout");
        logging.put("log4j.appender.out.layout.ConversionPattern", "%d{HH:mm:ss,SSS} %p %c{1}: %m%n");
        Path file = directory.resolve("log4j.properties");
        try (var out = Files.newBufferedWriter(file)) {
            logging.store(out, null);
        }
        return file;
    }

    /** The class path of Hadoop's daemons and our own: ours first, then as the build has resolved it. */
    static String hadoop() throws IOException {
        return own() + ":" + resolved();
    }

    /** Where our own programs are. */
    static Path own() {
        try {
            return Path.of(Daemon.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String resolved() throws IOException {
        try (InputStream in = Daemon.class.getResourceAsStream("class-path")) {
            if (in == null) {
                throw new IOException("mini-hadoop has not been built: its class path is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
