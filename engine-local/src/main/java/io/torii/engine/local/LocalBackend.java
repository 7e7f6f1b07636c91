package io.torii.engine.local;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own host as a cluster: an engine is a child process with a directory of its own, which is its record.
 * Engines outlive the gateway; the next one finds them by that record. Refuse it outside development: engines run
 * users' code under the gateway's account. Thread-safe.
 */
public final class LocalBackend implements ClusterBackend, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalBackend.class);
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
    private static final Duration ADOPTED_POLL = Duration.ofMillis(500);
    private static final Duration SETTLED = Duration.ofSeconds(25);
    private static final int DIAGNOSED_BYTES = 256 << 10;

    private final LocalClusterConfig config;
    private final EngineProgram program;
    private final ClassArchives archives;
    private final EngineDirectories directories;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final ConcurrentMap<LaunchTag, LocalApplication> running = new ConcurrentHashMap<>();
    private final ConcurrentMap<LaunchTag, CompletableFuture<Submission>> launching = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledFuture<?> housekeeping;

    /**
     * @param scheduler runs short tasks only
     * @param executor may be blocked by files and by starting processes, for milliseconds
     */
    public LocalBackend(
            LocalClusterConfig config,
            Metastore metastore,
            Clock clock,
            ScheduledExecutorService scheduler,
            Executor executor) {
        this(
                config,
                new ClassArchives(
                        config.workDirectory().resolve("classes"), config.javaHome(), clock, scheduler, executor),
                metastore,
                clock,
                scheduler,
                executor);
    }

    private LocalBackend(
            LocalClusterConfig config,
            ClassArchives archives,
            Metastore metastore,
            Clock clock,
            ScheduledExecutorService scheduler,
            Executor executor) {
        this(
                config,
                new SparkProgram(config, metastore, archives, System.getenv()),
                archives,
                clock,
                scheduler,
                executor);
    }

    LocalBackend(
            LocalClusterConfig config,
            EngineProgram program,
            ClassArchives archives,
            Clock clock,
            ScheduledExecutorService scheduler,
            Executor executor) {
        this.config = requireNonNull(config, "config");
        this.program = requireNonNull(program, "program");
        this.archives = requireNonNull(archives, "archives");
        this.directories = new EngineDirectories(config.workDirectory().resolve("engines"));
        this.clock = requireNonNull(clock, "clock");
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.executor = requireNonNull(executor, "executor");
        this.housekeeping = scheduler.scheduleWithFixedDelay(
                () -> quietly(() -> {
                    keepHouse();
                    return null;
                }),
                0,
                HOUSEKEEPING.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletableFuture<Submission> submit(EngineLaunch launch) {
        CompletableFuture<Submission> submission = new CompletableFuture<>();
        CompletableFuture<Submission> earlier = launching.putIfAbsent(launch.tag(), submission);
        if (earlier != null) {
            return earlier.copy();
        }
        CompletableFuture<Submission> attempt = blocking(() -> create(launch))
                .thenCompose(fresh -> fresh ? start(launch) : blocking(() -> resubmitted(launch.tag())));
        attempt.whenComplete((accepted, failure) -> {
                    launching.remove(launch.tag());
                    if (failure == null) {
                        submission.complete(accepted);
                    } else {
                        submission.completeExceptionally(cause(failure));
                    }
                })
                .exceptionally(told -> null);
        return submission.copy();
    }

    @Override
    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
        LocalApplication watched = running.get(tag);
        if (watched != null && watched.process().isAlive()) {
            return completedFuture(Optional.of(watched.alive()));
        }
        return blocking(() -> look(tag));
    }

    @Override
    public CompletableFuture<Application> endOf(LaunchTag tag) {
        return blocking(() -> watch(tag))
                .thenCompose(watched -> watched.isPresent()
                        ? watched.get().end().copy()
                        : blocking(() -> look(tag)
                                .orElseGet(() -> new Application(tag, "", false, "This host knows no engine " + tag))));
    }

    @Override
    public CompletableFuture<String> log(LaunchTag tag, int maxLines) {
        return blocking(() -> String.join("\n", LogTail.lines(directories.log(tag), maxLines)));
    }

    /** Asks the process to end, and after {@code killAfter} no longer asks; completes once the process has been asked. */
    @Override
    public CompletableFuture<Void> kill(LaunchTag tag) {
        CompletableFuture<Submission> pending = launching.get(tag);
        if (pending != null) {
            return pending.handle((accepted, failure) -> tag).thenCompose(this::kill);
        }
        return blocking(() -> {
            watch(tag).ifPresent(this::end);
            return null;
        });
    }

    @Override
    public CompletableFuture<ClusterSnapshot> load() {
        return blocking(() -> {
            int engines = 0;
            for (LaunchTag tag : directories.tags()) {
                engines += look(tag).filter(Application::alive).isPresent() ? 1 : 0;
            }
            String problem = program.problem();
            HostLoad host = HostLoad.now();
            return new ClusterSnapshot(
                    config.name(),
                    problem.isEmpty(),
                    problem,
                    host.cores(),
                    host.freeCores(),
                    host.memory(),
                    host.freeMemory(),
                    engines,
                    clock.instant());
        });
    }

    /** Ends all engines of this cluster, also those of earlier gateways; completes once they are gone. */
    public CompletableFuture<Void> endAll() {
        return blocking(() -> {
                    List<CompletableFuture<Application>> ends = new ArrayList<>();
                    for (LaunchTag tag : directories.tags()) {
                        watch(tag).ifPresent(application -> {
                            end(application);
                            ends.add(application.end());
                        });
                    }
                    return ends;
                })
                .thenCompose(ends -> CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)));
    }

    /** Stops watching; engines run on. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            housekeeping.cancel(false);
            archives.close();
        }
    }

    /** False if this tag has been submitted before: it is never started twice. */
    private boolean create(EngineLaunch launch) throws IOException {
        try {
            directories.create(launch.tag());
            return true;
        } catch (FileAlreadyExistsException submitted) {
            return false;
        } catch (IOException failure) {
            throw new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED,
                    "Cannot create " + directories.of(launch.tag()) + ": " + failure,
                    failure);
        }
    }

    private Submission resubmitted(LaunchTag tag) throws IOException {
        return directories.process(tag).isPresent() ? Submission.ACCEPTED : Submission.UNKNOWN;
    }

    private CompletableFuture<Submission> start(EngineLaunch launch) {
        Path directory = directories.of(launch.tag());
        return blocking(() -> program.prepare(launch, directory))
                .thenCompose(start -> start)
                .thenCompose(start -> blocking(() -> spawn(launch, directory, start)))
                .exceptionallyCompose(failure -> quietly(() -> {
                            directories.remove(launch.tag());
                            return null;
                        })
                        .thenCompose(removed -> failedFuture(cause(failure))));
    }

    private Submission spawn(EngineLaunch launch, Path directory, EngineProgram.Start start) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(start.command());
        builder.environment().clear();
        builder.environment().putAll(start.environment());
        builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directories.log(launch.tag()).toFile()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED, "Cannot start an engine: " + failure.getMessage(), failure);
        }
        LocalApplication application = new LocalApplication(launch.tag(), ProcessIdentity.of(process.toHandle()));
        try {
            directories.started(launch.tag(), application.process());
        } catch (IOException failure) {
            process.destroyForcibly(); // never a process without a record
            throw failure;
        }
        running.put(launch.tag(), application);
        log.info(
                "Engine started tag={} key={} pid={}",
                launch.tag(),
                launch.spec().key(),
                process.pid());
        later(
                SETTLED,
                () -> quietly(() -> {
                    program.settled(directory);
                    return null;
                }));
        process.onExit()
                .thenAccept(ended -> quietly(() -> conclude(application, OptionalInt.of(ended.exitValue()))))
                .exceptionally(failure -> {
                    log.warn("Cannot watch an engine tag={}", launch.tag(), failure);
                    return null;
                });
        return Submission.ACCEPTED;
    }

    /** The running engine with this tag, watched from now on; empty if it does not run. */
    private Optional<LocalApplication> watch(LaunchTag tag) throws IOException {
        LocalApplication watched = running.get(tag);
        if (watched != null) {
            return Optional.of(watched);
        }
        if (!directories.has(tag) || directories.end(tag).isPresent()) {
            return Optional.empty();
        }
        Optional<ProcessIdentity> process = processOf(tag).filter(ProcessIdentity::isAlive);
        if (process.isEmpty()) {
            return Optional.ofNullable(running.get(tag));
        }
        LocalApplication found = new LocalApplication(tag, process.get());
        LocalApplication other = running.putIfAbsent(tag, found);
        if (other == null) {
            log.info("Engine of an earlier gateway found tag={} pid={}", tag, found.id());
            poll(found);
        }
        return Optional.of(other == null ? found : other);
    }

    /** An adopted engine is nobody's child, so that no one is told of its end. */
    private void poll(LocalApplication adopted) {
        if (closed.get()) {
            return;
        }
        if (!adopted.process().isAlive()) {
            quietly(() -> conclude(adopted, OptionalInt.empty()));
            return;
        }
        later(ADOPTED_POLL, () -> poll(adopted));
    }

    /** What the record says; an end that nobody has seen is put on record now. */
    private Optional<Application> look(LaunchTag tag) throws IOException {
        if (!directories.has(tag)) {
            return Optional.empty();
        }
        Optional<Application> ended = directories.end(tag);
        if (ended.isPresent()) {
            return ended;
        }
        Optional<ProcessIdentity> process = processOf(tag);
        if (process.isPresent() && process.get().isAlive()) {
            return Optional.of(new Application(tag, Long.toString(process.get().pid()), true, ""));
        }
        LocalApplication watched = running.get(tag);
        if (watched != null) {
            return Optional.of(watched.alive()); // its end is being established
        }
        if (launching.containsKey(tag)
                || clock.millis() - directories.changedAt(tag) < HOUSEKEEPING.toMillis() && process.isEmpty()) {
            return Optional.empty();
        }
        if (!directories.has(tag)) {
            return Optional.empty(); // a launch that failed was cleared away meanwhile
        }
        LocalApplication dead = new LocalApplication(tag, process.orElse(new ProcessIdentity(0, "")));
        return Optional.of(conclude(dead, OptionalInt.empty()));
    }

    /** The recorded process or, if the gateway died before it could record it, the one that was started for this tag. */
    private Optional<ProcessIdentity> processOf(LaunchTag tag) throws IOException {
        Optional<ProcessIdentity> recorded = directories.process(tag);
        if (recorded.isPresent() || launching.containsKey(tag)) {
            return recorded;
        }
        String arguments = "@" + directories.of(tag) + "/";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Stream::of)
                        .anyMatch(argument -> argument.startsWith(arguments)))
                .findFirst()
                .map(ProcessIdentity::of);
    }

    private void end(LocalApplication application) {
        application.terminate();
        later(config.killAfter(), () -> {
            if (!application.end().isDone()) {
                log.warn("Engine does not end when asked, killing it tag={}", application.tag());
                application.destroy();
            }
        });
    }

    private void later(Duration delay, Runnable task) {
        try {
            scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            log.debug("Not scheduled: the gateway is shutting down");
        }
    }

    private Application conclude(LocalApplication application, OptionalInt exitCode) throws IOException {
        LaunchTag tag = application.tag();
        Application end = directories
                .end(tag)
                .orElseGet(() -> new Application(tag, application.id(), false, diagnose(application, exitCode)));
        try {
            directories.ended(end);
        } finally {
            running.remove(tag, application);
            application.end().complete(end);
            application.destroyChildren();
        }
        log.info("Engine ended tag={} pid={} diagnostics={}", tag, end.id(), end.diagnostics());
        program.ended(directories.of(tag), exitCode.orElse(0));
        directories.strip(tag);
        return end;
    }

    private String diagnose(LocalApplication application, OptionalInt exitCode) {
        if (application.isKilled()) {
            return "Ended at the gateway's request";
        }
        try {
            return RootCause.of(LogTail.text(directories.log(application.tag()), DIAGNOSED_BYTES), exitCode);
        } catch (IOException unreadable) {
            return RootCause.of("Cannot read the engine's log: " + unreadable, exitCode);
        }
    }

    private void keepHouse() throws IOException {
        for (LaunchTag tag : directories.tags()) {
            Optional<Application> found = look(tag);
            if (found.isPresent() && !found.get().alive()) {
                directories.strip(tag);
            } else {
                directories.limitLog(tag, config.logLimit());
            }
        }
        directories.removeOld(config.keptLogs());
    }

    private <T> CompletableFuture<T> blocking(Callable<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    answer.complete(task.call());
                } catch (GatewayException known) {
                    answer.completeExceptionally(known);
                } catch (Exception failure) {
                    answer.completeExceptionally(new GatewayException(
                            ErrorCode.CLUSTER_UNAVAILABLE,
                            "Cluster " + config.name() + " cannot use its work directory: " + failure,
                            failure));
                }
            });
        } catch (RejectedExecutionException refused) {
            return failedFuture(new GatewayException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down", refused));
        }
        return answer;
    }

    /** Completes once it is done, or has failed and somebody can read of it. */
    private CompletableFuture<Void> quietly(Callable<?> task) {
        return blocking(task).handle((done, failure) -> {
            if (failure != null && !closed.get()) {
                log.warn("Local cluster: {}", cause(failure).getMessage(), cause(failure));
            }
            return null;
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
