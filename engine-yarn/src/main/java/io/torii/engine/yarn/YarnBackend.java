package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.ApplicationRow;
import io.torii.engine.yarn.message.ApplicationRows;
import io.torii.engine.yarn.message.Figures;
import io.torii.engine.yarn.message.Text;
import io.torii.engine.yarn.message.Tokens;
import io.torii.launch.LaunchProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * A YARN cluster: an engine is a Spark application in cluster mode, found by its launch's tag. Nothing of Hadoop is in the
 * gateway's own virtual machine; an agent beside it speaks to the cluster, so that several clusters, each with its own
 * configuration and login, do not meet. Thread-safe.
 */
public final class YarnBackend implements ClusterBackend, AutoCloseable {
    private static final Duration SUBMIT_LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
    /** Asked for every five seconds, a cluster that falls silent is not healthy ten seconds later. */
    private static final Duration LOAD_LIMIT = Duration.ofMillis(4_800);
    /** Of an agent that is starting. */
    private static final Duration FIRST_LOAD_LIMIT = Duration.ofSeconds(8);

    private static final Duration LOG_LIMIT = Duration.ofMillis(1_500);
    private static final int DIAGNOSED_LINES = 200;

    private final YarnClusterConfig config;
    private final Clock clock;
    private final Agents agents;
    private final Profiles profiles;
    private final Poller poller;
    private final ConcurrentMap<LaunchTag, CompletableFuture<Submission>> submitting = new ConcurrentHashMap<>();

    /**
     * @param scheduler runs short tasks only
     * @param executor may be blocked by files and by starting processes, for milliseconds
     */
    public YarnBackend(YarnClusterConfig config, Clock clock, ScheduledExecutorService scheduler, Executor executor) {
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
        this.agents = new Agents(config.name(), new AgentProgram(config), executor);
        this.profiles = new Profiles(config, agents, executor);
        this.poller = new Poller(
                config.name(),
                new Poller.Questions() {
                    @Override
                    public CompletableFuture<Map<LaunchTag, ApplicationRow>> live() {
                        return rows();
                    }

                    @Override
                    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
                        return YarnBackend.this.find(tag);
                    }
                },
                scheduler);
    }

    @Override
    public CompletableFuture<Submission> submit(EngineLaunch launch) {
        CompletableFuture<Submission> submission = new CompletableFuture<>();
        CompletableFuture<Submission> earlier = submitting.putIfAbsent(launch.tag(), submission);
        if (earlier != null) {
            return earlier.copy();
        }
        CompletableFuture<ApplicationRow> unused = submitted(launch).whenComplete((row, failure) -> {
            submitting.remove(launch.tag());
            if (failure == null) {
                submission.complete(Submission.ACCEPTED);
            } else if (cause(failure) instanceof GatewayException known
                    && known.code() == ErrorCode.ENGINE_LAUNCH_UNKNOWN) {
                submission.complete(Submission.UNKNOWN);
            } else {
                submission.completeExceptionally(refused(cause(failure)));
            }
        });
        return submission.copy();
    }

    @Override
    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
        Optional<ApplicationRow> waiting = poller.waiting(tag);
        if (waiting.isPresent()) { // who launches asks often, and all together not more than the poller does
            return application(tag, waiting.get()).thenApply(Optional::of);
        }
        return call(new AgentCall.Find(tag.value()), ApplicationRows.class, CALL_LIMIT)
                .thenCompose(found -> found.rows().isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : application(tag, found.rows().get(0)).thenApply(Optional::of));
    }

    @Override
    public CompletableFuture<Application> endOf(LaunchTag tag) {
        CompletableFuture<Application> end = poller.endOf(tag);
        poller.soon();
        return end;
    }

    @Override
    public CompletableFuture<List<Application>> live() {
        return rows().thenApply(rows -> rows.entrySet().stream()
                .map(row -> new Application(
                        row.getKey(),
                        row.getValue().id(),
                        state(row.getValue()),
                        row.getValue().running() ? "" : Diagnosis.ofWaiting(row.getValue()),
                        row.getValue().trackingUrl()))
                .toList());
    }

    @Override
    public CompletableFuture<String> log(LaunchTag tag, int maxLines) {
        return call(new AgentCall.Log(tag.value(), maxLines), Text.class, CALL_LIMIT)
                .thenApply(Text::text);
    }

    @Override
    public CompletableFuture<Void> kill(LaunchTag tag) {
        CompletableFuture<Submission> pending = submitting.get(tag);
        if (pending != null) {
            return pending.handle((accepted, failure) -> tag).thenCompose(this::kill);
        }
        return call(new AgentCall.Kill(tag.value()), ApplicationRows.class, CALL_LIMIT)
                .thenAccept(killed -> poller.soon());
    }

    @Override
    public CompletableFuture<ClusterSnapshot> load() {
        return call(new AgentCall.Load(), Figures.class, agents.isStarting() ? FIRST_LOAD_LIMIT : LOAD_LIMIT)
                .thenApply(figures -> Snapshots.of(config.name(), figures, clock.instant()))
                .exceptionallyCompose(failure -> cause(failure) instanceof GatewayException known
                        ? CompletableFuture.completedFuture(
                                ClusterSnapshot.unhealthy(config.name(), known.getMessage(), clock.instant()))
                        : CompletableFuture.failedFuture(failure));
    }

    /** For the cluster's file systems, those that the settings name included, and for its metastore. */
    @Override
    public CompletableFuture<byte[]> tokens(EngineSpec engine) {
        Profiles.Profile profile = profiles.ofRunning(engine.key());
        Map<String, String> spark = settings(profile, engine);
        spark.keySet().removeIf(name -> !name.startsWith("spark."));
        String user = config.impersonation() ? engine.user() : "";
        return profile.agents()
                .call(new AgentCall.Issue(user, spark), Tokens.class, CALL_LIMIT)
                .thenApply(Tokens::file);
    }

    /** Stops watching; engines run on. */
    @Override
    public void close() {
        poller.close();
        profiles.close();
        agents.close();
    }

    private CompletableFuture<Map<LaunchTag, ApplicationRow>> rows() {
        return call(new AgentCall.Live(), ApplicationRows.class, CALL_LIMIT).thenApply(live -> {
            Map<LaunchTag, ApplicationRow> rows = new HashMap<>();
            live.rows().forEach(row -> rows.put(new LaunchTag(row.tag()), row));
            return rows;
        });
    }

    private CompletableFuture<Application> application(LaunchTag tag, ApplicationRow row) {
        Function<String, Application> described =
                diagnostics -> new Application(tag, row.id(), state(row), diagnostics, row.trackingUrl());
        if (row.running()) {
            return CompletableFuture.completedFuture(described.apply(""));
        }
        if (row.alive()) {
            return CompletableFuture.completedFuture(described.apply(Diagnosis.ofWaiting(row)));
        }
        return Diagnosis.ofEnd(row)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> call(new AgentCall.Log(tag.value(), DIAGNOSED_LINES), Text.class, LOG_LIMIT)
                        .handle((log, failure) ->
                                Diagnosis.ofLog(failure == null ? log.text() : "", row.diagnostics())))
                .thenApply(described);
    }

    private static Application.State state(ApplicationRow row) {
        if (row.running()) {
            return Application.State.RUNNING;
        }
        return row.alive() ? Application.State.WAITING : Application.State.ENDED;
    }

    private CompletableFuture<ApplicationRow> submitted(EngineLaunch launch) {
        try {
            Profiles.Profile profile = profiles.require(launch.spec().key());
            return profile.agents().call(submission(profile, launch), ApplicationRow.class, SUBMIT_LIMIT);
        } catch (RuntimeException refusal) { // also of whoever knows where engines call home
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private AgentCall.Submit submission(Profiles.Profile profile, EngineLaunch launch) {
        Map<String, String> settings = settings(profile, launch.spec());
        Map<String, String> spark = new TreeMap<>();
        spark.put("spark.app.name", "torii " + launch.spec().key());
        settings.forEach((name, value) -> {
            if (name.startsWith("spark.")) {
                spark.put(name, value);
            }
        });
        String queue = launch.spec().key().queue();
        if (!queue.isEmpty() || !config.queue().isEmpty()) {
            spark.put("spark.yarn.queue", queue.isEmpty() ? config.queue() : queue);
        }
        Map<String, String> launchFile = new TreeMap<>();
        launchFile.put("bind-host", "0.0.0.0");
        launchFile.putAll(LaunchProperties.of(launch, config.gateways().get(), settings));
        return new AgentCall.Submit(
                launch.tag().value(), config.impersonation() ? launch.spec().user() : "", spark, launchFile);
    }

    private static Map<String, String> settings(Profiles.Profile profile, EngineSpec engine) {
        Map<String, String> settings = new TreeMap<>(profile.settings());
        settings.putAll(engine.settings());
        return settings;
    }

    private <T> CompletableFuture<T> call(AgentCall call, Class<T> kind, Duration limit) {
        return agents.call(call, kind, limit);
    }

    private GatewayException refused(Throwable cause) {
        return new GatewayException(
                cause instanceof GatewayException known ? known.code() : ErrorCode.ENGINE_LAUNCH_FAILED,
                "Cluster " + config.name() + " takes no engine: " + cause.getMessage(),
                cause);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
