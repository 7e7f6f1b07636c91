package io.torii.engine.local;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Resources;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The gateway's own host as a cluster: an engine is a child process with a directory of its own, which is its record.
 * Engines outlive the gateway; the next one finds them by that record. Refuse it outside development: engines run
 * users' code under the gateway's account. Thread-safe.
 */
public final class LocalBackend implements ClusterBackend, AutoCloseable {
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);

    private final LocalClusterConfig config;
    private final EngineProgram program;
    private final ClassArchives archives;
    private final EngineDirectories directories;
    private final Clock clock;
    private final HostWork work;
    private final EngineProcesses processes;
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
        this.work = new HostWork(
                ErrorCode.CLUSTER_UNAVAILABLE,
                "Cluster " + config.name() + " cannot use its work directory",
                scheduler,
                executor);
        this.processes = new EngineProcesses(config, program, directories, clock, work);
        this.housekeeping = scheduler.scheduleWithFixedDelay(
                () -> work.quietly(() -> {
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
        CompletableFuture<Submission> attempt = work.call(() -> create(launch))
                .thenCompose(fresh -> fresh ? start(launch) : work.call(() -> resubmitted(launch.tag())));
        attempt.whenComplete((accepted, failure) -> {
                    launching.remove(launch.tag());
                    if (failure == null) {
                        submission.complete(accepted);
                    } else {
                        submission.completeExceptionally(HostWork.cause(failure));
                    }
                })
                .exceptionally(told -> null);
        return submission.copy();
    }

    @Override
    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
        Optional<LocalApplication> known = processes.known(tag);
        return known.isPresent() ? completedFuture(known.map(LocalApplication::alive)) : work.call(() -> look(tag));
    }

    @Override
    public CompletableFuture<Application> endOf(LaunchTag tag) {
        return work.call(() -> watch(tag))
                .thenCompose(watched -> watched.isPresent()
                        ? watched.get().end().copy()
                        : work.call(() -> look(tag)
                                .orElseGet(() -> Application.ended(tag, "", "This host knows no engine " + tag))));
    }

    @Override
    public CompletableFuture<List<Application>> live() {
        return work.call(() -> {
            List<Application> alive = new ArrayList<>();
            for (LaunchTag tag : directories.tags()) {
                look(tag).filter(Application::alive).ifPresent(alive::add);
            }
            return alive;
        });
    }

    @Override
    public CompletableFuture<String> log(LaunchTag tag, int maxLines) {
        return work.call(() -> String.join("\n", LogTail.lines(directories.log(tag), maxLines)));
    }

    /** Asks the process to end, and after {@code killAfter} no longer asks; completes once the process has been asked. */
    @Override
    public CompletableFuture<Void> kill(LaunchTag tag) {
        CompletableFuture<Submission> pending = launching.get(tag);
        if (pending != null) {
            return pending.handle((accepted, failure) -> tag).thenCompose(this::kill);
        }
        return work.call(() -> {
            watch(tag).ifPresent(processes::end);
            return null;
        });
    }

    @Override
    public CompletableFuture<ClusterSnapshot> load() {
        return work.call(() -> {
            int engines = 0;
            for (LaunchTag tag : directories.tags()) {
                engines += look(tag).filter(Application::alive).isPresent() ? 1 : 0;
            }
            String problem = program.problem();
            HostLoad host = HostLoad.now();
            Resources total = new Resources(host.memory(), host.cores());
            Resources used = total.minus(new Resources(host.freeMemory(), host.freeCores()));
            return ClusterSnapshot.of(config.name(), problem, total, used, engines, clock.instant());
        });
    }

    @Override
    public CompletableFuture<byte[]> tokens(EngineSpec engine) {
        return completedFuture(new byte[0]);
    }

    /** Ends all engines of this cluster, also those of earlier gateways; completes once they are gone. */
    public CompletableFuture<Void> endAll() {
        archives.close(); // what an engine that ends has learnt is not worth another process now
        return work.call(() -> {
                    List<CompletableFuture<Application>> ends = new ArrayList<>();
                    for (LaunchTag tag : directories.tags()) {
                        watch(tag).ifPresent(application -> {
                            processes.end(application);
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
            work.close();
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
        return work.call(() -> program.prepare(launch, directory))
                .thenCompose(start -> start)
                .thenCompose(start -> work.call(() -> processes.spawn(launch, directory, start)))
                .exceptionallyCompose(failure -> work.quietly(() -> {
                            directories.remove(launch.tag());
                            return null;
                        })
                        .thenCompose(removed -> failedFuture(HostWork.cause(failure))));
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

    private Optional<Application> look(LaunchTag tag) throws IOException {
        return processes.look(tag, launching.containsKey(tag));
    }

    private Optional<LocalApplication> watch(LaunchTag tag) throws IOException {
        return processes.watch(tag, launching.containsKey(tag));
    }
}
