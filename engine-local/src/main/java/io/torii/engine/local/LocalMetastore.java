package io.torii.engine.local;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.OwnFiles;
import io.torii.launch.RootCause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Hive metastore as a process of its own, shared by all engines of this host: the only one that opens the embedded
 * database. It outlives the gateway, the next one finds it by its record; it ends when asked, or by itself once neither
 * a gateway nor an engine has been connected for a while. One that dies is started again on the same port. Thread-safe.
 */
public final class LocalMetastore implements Metastore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalMetastore.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Duration WORTH_ANOTHER_START = Duration.ofSeconds(30);
    private static final int CONNECT_MILLIS = 1_000;

    private final LocalMetastoreConfig config;
    private final Path directory;
    private final MetastoreProgram program;
    private final Clock clock;
    private final HostWork work;
    private final Object lock = new Object();
    /** Guarded by lock: the present process or the attempt to start one. */
    private CompletableFuture<Running> current;

    private boolean ending;
    private boolean closed;

    /** @param leash an open connection, which keeps the metastore from taking itself for an orphan */
    private record Running(ProcessIdentity process, int port, Instant since, Socket leash) {}

    public LocalMetastore(
            LocalMetastoreConfig config, Clock clock, ScheduledExecutorService scheduler, Executor executor) {
        this.config = requireNonNull(config, "config");
        this.directory = config.workDirectory().resolve("metastore");
        this.program = new MetastoreProgram(
                config,
                directory,
                new ClassArchives(
                        config.workDirectory().resolve("classes"), config.javaHome(), clock, scheduler, executor));
        this.clock = requireNonNull(clock, "clock");
        this.work = new HostWork(ErrorCode.ENGINE_LAUNCH_FAILED, "Cannot run the metastore", scheduler, executor);
    }

    /** Starts it, or finds the one that runs; completes with its address once it can be connected to. */
    public CompletableFuture<URI> start() {
        CompletableFuture<Running> attempt = new CompletableFuture<>();
        CompletableFuture<Running> known;
        synchronized (lock) {
            if (closed || ending) {
                return failedFuture(new GatewayException(ErrorCode.SHUTTING_DOWN, "The metastore is shutting down"));
            }
            known = current;
            if (known == null || known.isCompletedExceptionally()) {
                current = attempt;
                known = null;
            }
        }
        if (known != null) {
            return known.thenApply(running -> addressOf(running.port()));
        }
        run(attempt, () -> {
            Optional<Running> found = adopt();
            if (found.isPresent()) {
                watch(attempt, found.get());
            } else {
                spawn(attempt);
            }
        });
        return attempt.thenApply(running -> addressOf(running.port()));
    }

    @Override
    public CompletableFuture<Optional<URI>> address() {
        return start().thenApply(Optional::of);
    }

    /** Ends it, also one of an earlier gateway; completes once it is gone. */
    public CompletableFuture<Void> end() {
        CompletableFuture<Running> known;
        synchronized (lock) {
            ending = true;
            known = current;
        }
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Running> attempt = known == null ? failedFuture(new IllegalStateException("none")) : known;
        attempt.whenComplete((running, failure) -> run(gone, () -> {
                    Optional<ProcessIdentity> process = running != null
                            ? Optional.of(running.process())
                            : recorded().map(Running::process);
                    if (process.isEmpty()) {
                        gone.complete(null);
                        return;
                    }
                    process.get().process().ifPresent(ProcessHandle::destroy);
                    awaitEnd(process.get(), gone, clock.instant().plus(config.killAfter()));
                }))
                .exceptionally(none -> null);
        return gone.whenComplete((done, failure) -> close());
    }

    /** Stops watching; the metastore runs on until nobody is connected for its orphan time-out. */
    @Override
    public void close() {
        CompletableFuture<Running> known;
        synchronized (lock) {
            closed = true;
            known = current;
        }
        program.close();
        if (known != null) {
            known.thenAccept(running -> closeQuietly(running.leash())).exceptionally(failed -> null);
        }
    }

    private Optional<Running> adopt() throws IOException {
        Optional<Running> found = recorded();
        found.ifPresent(running -> log.info(
                "Metastore of an earlier gateway found pid={} port={}",
                running.process().pid(),
                running.port()));
        return found;
    }

    private Optional<Running> recorded() throws IOException {
        Properties record = OwnFiles.readProperties(recordFile());
        String pid = record.getProperty("pid", "");
        String port = record.getProperty("port", "");
        if (!pid.matches("\\d{1,18}") || !port.matches("\\d{1,5}")) {
            return Optional.empty();
        }
        ProcessIdentity process = new ProcessIdentity(Long.parseLong(pid), record.getProperty("birth", ""));
        return process.isAlive()
                ? Optional.of(new Running(process, Integer.parseInt(port), clock.instant(), null))
                : Optional.empty();
    }

    private void spawn(CompletableFuture<Running> attempt) throws IOException {
        int port = choosePort();
        Process process = program.start(port);
        Running running = new Running(ProcessIdentity.of(process.toHandle()), port, clock.instant(), null);
        OwnFiles.writeProperties(
                recordFile(),
                Map.of(
                        "pid", Long.toString(process.pid()),
                        "birth", running.process().birth(),
                        "port", Integer.toString(port)));
        log.info("Metastore started pid={} port={}", process.pid(), port);
        process.onExit()
                .thenAccept(ended -> run(attempt, () -> failIfPending(attempt, OptionalInt.of(ended.exitValue()))))
                .exceptionally(failure -> null);
        work.later(SETTLED, program::settled);
        watch(attempt, running);
    }

    /** Connects as soon as it listens; it may take a little longer to answer. */
    private void watch(CompletableFuture<Running> attempt, Running running) {
        if (attempt.isDone()) {
            return;
        }
        Socket leash = new Socket();
        try {
            leash.connect(new InetSocketAddress(loopback(), running.port()), CONNECT_MILLIS);
            attempt.complete(new Running(running.process(), running.port(), running.since(), leash));
            work.later(WATCH, () -> run(new CompletableFuture<>(), () -> check(attempt)));
        } catch (IOException notYet) {
            closeQuietly(leash);
            if (!running.process().isAlive()) {
                failIfPending(attempt, OptionalInt.empty());
            } else if (clock.instant().isAfter(running.since().plus(START_LIMIT))) {
                attempt.completeExceptionally(new GatewayException(
                        ErrorCode.ENGINE_LAUNCH_FAILED, "The metastore does not listen after " + START_LIMIT));
            } else {
                work.later(POLL, () -> run(attempt, () -> watch(attempt, running)));
            }
        }
    }

    /** Engines that run need it: one that dies is replaced, unless it died young. */
    private void check(CompletableFuture<Running> attempt) {
        Running running = attempt.join();
        synchronized (lock) {
            if (closed || ending || current != attempt) {
                return;
            }
            if (!running.process().isAlive()) {
                current = null;
            }
        }
        if (running.process().isAlive()) {
            work.later(WATCH, () -> run(new CompletableFuture<>(), () -> check(attempt)));
            return;
        }
        closeQuietly(running.leash());
        log.warn("The metastore has ended: {}", cause(OptionalInt.empty()));
        if (clock.instant().isAfter(running.since().plus(WORTH_ANOTHER_START))) {
            start().exceptionally(failure -> {
                log.error("Cannot start the metastore again", failure);
                return null;
            });
        }
    }

    private void failIfPending(CompletableFuture<Running> attempt, OptionalInt exitCode) {
        if (!attempt.isDone()) {
            attempt.completeExceptionally(new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED, "The metastore ended at its start: " + cause(exitCode)));
        }
    }

    private String cause(OptionalInt exitCode) {
        try {
            return RootCause.of(LogTail.text(program.log(), 256 << 10), exitCode);
        } catch (IOException unreadable) {
            return "its log cannot be read: " + unreadable.getMessage();
        }
    }

    private void awaitEnd(ProcessIdentity process, CompletableFuture<Void> gone, Instant patience) {
        if (!process.isAlive()) {
            gone.complete(null);
            return;
        }
        if (clock.instant().isAfter(patience)) {
            process.process().ifPresent(ProcessHandle::destroyForcibly);
        }
        work.later(POLL, () -> run(gone, () -> awaitEnd(process, gone, patience)));
    }

    /** The port of last time, so that engines of an earlier metastore find the new one. */
    private int choosePort() throws IOException {
        int wanted = config.port();
        if (wanted == 0) {
            String last = OwnFiles.readProperties(recordFile()).getProperty("port", "0");
            wanted = last.matches("\\d{1,5}") ? Integer.parseInt(last) : 0;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(loopback(), wanted));
            return probe.getLocalPort();
        } catch (IOException taken) {
            if (config.port() != 0) {
                throw new GatewayException(
                        ErrorCode.ENGINE_LAUNCH_FAILED,
                        "Cannot start the metastore: port " + config.port() + " is taken",
                        taken);
            }
            try (ServerSocket any = new ServerSocket(0, 1, loopback())) {
                return any.getLocalPort();
            }
        }
    }

    private Path recordFile() {
        return directory.resolve("process.properties");
    }

    private static URI addressOf(int port) {
        return URI.create("thrift://127.0.0.1:" + port);
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void closeQuietly(Socket socket) {
        if (socket == null) {
            return;
        }
        try {
            socket.close();
        } catch (IOException failure) {
            log.debug("Cannot close a connection to the metastore", failure);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private void run(CompletableFuture<?> answer, Task task) {
        work.call(() -> {
                    task.run();
                    return null;
                })
                .exceptionally(failure -> {
                    answer.completeExceptionally(HostWork.cause(failure));
                    return null;
                });
    }
}
