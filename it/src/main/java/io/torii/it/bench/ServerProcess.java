package io.torii.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An opponent's server as a child process, with what it prints in one file, and all that it starts in turn. */
final class ServerProcess implements AutoCloseable {
    private static final Duration UP_LIMIT = Duration.ofMinutes(3);
    private static final long LOOK_EVERY_NANOS = 10_000_000;

    private final String name;
    private final Path log;
    private final Process process;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts it in that directory, with {@code server.log} there for its output. */
    static ServerProcess start(String name, Path directory, List<String> command, Map<String, String> environment) {
        try {
            Path log = Files.createDirectories(directory).resolve("server.log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ServerProcess(name, log, builder.start());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Waits until somebody listens at that port; fails if the process ends before, or after three minutes. */
    void awaitPort(int port) {
        long limit = System.nanoTime() + UP_LIMIT.toNanos();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        name + " has ended with exit code " + process.exitValue() + "; its log is " + log);
            }
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(name + " is not up after " + UP_LIMIT + "; its log is " + log);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** The server first. */
    List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    @Override
    public void close() {
        end(processes());
    }

    /** Asks them to end, and makes them after a while. */
    static void end(List<ProcessHandle> processes) {
        List<ProcessHandle> all = new ArrayList<>(processes);
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(15, TimeUnit.SECONDS);
            } catch (Exception late) {
                each.destroyForcibly();
            }
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
