package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the registry forget engines as soon as their clusters know that they have ended. Blocks no thread. Thread-safe. */
public final class EngineWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);

    private final EngineRegistry registry;
    private final Map<String, ClusterBackend> clusters;
    private final ConcurrentMap<LaunchTag, CompletableFuture<?>> followed = new ConcurrentHashMap<>();

    public EngineWatch(EngineRegistry registry, Map<String, ClusterBackend> clusters) {
        this.registry = requireNonNull(registry, "registry");
        this.clusters = Map.copyOf(clusters);
    }

    /** Waits for the engine's end, from now on. */
    void follow(RunningEngine engine) {
        ClusterBackend cluster = clusters.get(engine.key().cluster());
        CompletableFuture<Void> gone = new CompletableFuture<>();
        if (cluster == null || followed.putIfAbsent(engine.tag(), gone) != null) {
            return;
        }
        CompletableFuture<?> end = cluster.endOf(engine.tag());
        gone.whenComplete((done, cancelled) -> end.cancel(false));
        end.thenCompose(ended -> registry.remove(engine.tag())).whenComplete((removed, failure) -> {
            followed.remove(engine.tag());
            if (failure == null) {
                log.atInfo()
                        .addKeyValue("engine", engine.tag())
                        .addKeyValue("key", engine.key())
                        .log("engine is gone");
            }
        });
    }

    /** Follows engines that others have launched, or an earlier gateway; call it every few seconds. */
    public CompletableFuture<Void> tick() {
        return registry.all().thenAccept(engines -> engines.forEach(this::follow));
    }

    /** Watches no longer. */
    @Override
    public void close() {
        followed.values().forEach(watch -> watch.cancel(false));
    }
}
