package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills applications that gateways of this store have launched and none knows any more: their launch's lease is over, so that
 * they would be refused when they call home, but one that waits in a queue never does. Whoever has a lease or has registered is
 * adopted by being in the registry. One gateway at a time looks. Blocks no thread. Thread-safe.
 */
public final class Orphans {
    private static final Logger log = LoggerFactory.getLogger(Orphans.class);

    private final EngineRegistry registry;
    private final Map<String, ClusterBackend> clusters;
    private final Supplier<CompletableFuture<Boolean>> onDuty;
    private final Map<String, Set<LaunchTag>> seen = new ConcurrentHashMap<>();

    /** @param onDuty whether this gateway is the one that looks */
    public Orphans(
            EngineRegistry registry,
            Map<String, ClusterBackend> clusters,
            Supplier<CompletableFuture<Boolean>> onDuty) {
        this.registry = requireNonNull(registry, "registry");
        this.clusters = Map.copyOf(clusters);
        this.onDuty = requireNonNull(onDuty, "onDuty");
    }

    /** Kills what was an orphan at the last look too; call it every minute. A cluster that cannot say keeps what it has. */
    public CompletableFuture<Void> tick() {
        return onDuty.get().thenCompose(mine -> {
            if (!mine) {
                seen.clear();
                return CompletableFuture.completedFuture(null);
            }
            return CompletableFuture.allOf(clusters.entrySet().stream()
                    .map(cluster -> look(cluster.getKey(), cluster.getValue()))
                    .toArray(CompletableFuture[]::new));
        });
    }

    /** First what is alive, then what is known: else an application of the time between would look like an orphan. */
    private CompletableFuture<Void> look(String name, ClusterBackend cluster) {
        return cluster.live()
                .thenCompose(alive -> registry.tags().thenCompose(known -> look(name, cluster, alive, known)))
                .exceptionally(failure -> {
                    log.atDebug().addKeyValue("cluster", name).setCause(failure).log("cannot look for orphans");
                    return null;
                });
    }

    private CompletableFuture<Void> look(
            String name, ClusterBackend cluster, List<Application> alive, Set<LaunchTag> known) {
        Set<LaunchTag> orphans = new HashSet<>();
        alive.stream().map(Application::tag).filter(tag -> !known.contains(tag)).forEach(orphans::add);
        Set<LaunchTag> before = seen.getOrDefault(name, Set.of());
        seen.put(name, orphans);
        return CompletableFuture.allOf(alive.stream()
                .filter(application -> orphans.contains(application.tag()) && before.contains(application.tag()))
                .map(application -> kill(name, cluster, application))
                .toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> kill(String name, ClusterBackend cluster, Application application) {
        log.atWarn()
                .addKeyValue("cluster", name)
                .addKeyValue("engine", application.tag())
                .addKeyValue("application", application.id())
                .log("killing an application that no gateway knows");
        return cluster.kill(application.tag()).exceptionally(failure -> {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            log.atWarn()
                    .addKeyValue("cluster", name)
                    .addKeyValue("application", application.id())
                    .log(
                            "an application that no gateway knows cannot be killed: {}",
                            LogText.oneLine(cause.getMessage()));
            return null;
        });
    }
}
