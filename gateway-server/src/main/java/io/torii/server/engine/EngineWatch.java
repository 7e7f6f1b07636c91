package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the registry forget engines as soon as their clusters know that they have ended, and remembers for a while why. Blocks no
 * thread. Thread-safe.
 */
public final class EngineWatch implements EngineEnds, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);
    /** A cluster learns of a process's end a moment after who spoke to it. */
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private static final int REMEMBERED = 1_000;

    private final EngineRegistry registry;
    private final Map<String, ClusterBackend> clusters;
    private final Timers timers;
    private final ConcurrentMap<LaunchTag, Followed> followed = new ConcurrentHashMap<>();
    private final Map<LaunchTag, String> reasons = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LaunchTag, String> eldest) {
            return size() > REMEMBERED;
        }
    });

    private record Followed(ClusterBackend cluster, CompletableFuture<Void> gone) {}

    public EngineWatch(EngineRegistry registry, Map<String, ClusterBackend> clusters, Timers timers) {
        this.registry = requireNonNull(registry, "registry");
        this.clusters = Map.copyOf(clusters);
        this.timers = requireNonNull(timers, "timers");
    }

    /** Waits for the engine's end, from now on. */
    void follow(RunningEngine engine) {
        ClusterBackend cluster = clusters.get(engine.key().cluster());
        CompletableFuture<Void> gone = new CompletableFuture<>();
        if (cluster == null || followed.putIfAbsent(engine.tag(), new Followed(cluster, gone)) != null) {
            return;
        }
        CompletableFuture<Application> end = cluster.endOf(engine.tag());
        gone.whenComplete((done, cancelled) -> end.cancel(false));
        end.thenCompose(ended -> {
                    reasons.put(engine.tag(), ended.diagnostics());
                    return registry.remove(engine.tag()).thenApply(removed -> ended.diagnostics());
                })
                .whenComplete((reason, failure) -> {
                    followed.remove(engine.tag());
                    if (failure == null) {
                        log.atInfo()
                                .addKeyValue("engine", engine.tag())
                                .addKeyValue("key", engine.key())
                                .addKeyValue("reason", LogText.oneLine(reason))
                                .log("engine is gone");
                    }
                });
    }

    /** Of engines that are followed, or were. */
    @Override
    public CompletableFuture<Optional<String>> why(LaunchTag engine) {
        String known = reasons.get(engine);
        Followed follow = followed.get(engine);
        if (known != null || follow == null) {
            return CompletableFuture.completedFuture(Optional.ofNullable(known).filter(reason -> !reason.isEmpty()));
        }
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        CompletableFuture<Application> end =
                follow.cluster().endOf(engine); // asked anew, so that the cluster looks now
        Runnable noTimer = timers.after(PATIENCE, () -> answer.complete(Optional.empty()));
        end.whenComplete((ended, failure) -> answer.complete(
                Optional.ofNullable(ended).map(Application::diagnostics).filter(reason -> !reason.isEmpty())));
        CompletableFuture<?> unused = answer.whenComplete((told, failure) -> {
            noTimer.run();
            end.cancel(false);
        });
        return answer;
    }

    /** Follows engines that others have launched, or an earlier gateway; call it every few seconds. */
    public CompletableFuture<Void> tick() {
        return registry.all().thenAccept(engines -> engines.forEach(this::follow));
    }

    /** Watches no longer. */
    @Override
    public void close() {
        followed.values().forEach(watch -> watch.gone().cancel(false));
    }
}
