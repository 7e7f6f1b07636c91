package io.torii.server.metrics;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineRegistry;
import io.torii.server.store.SessionRepository;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** What only the store knows, as of the last look: a scrape waits for nothing. Unknown is NaN. Thread-safe. */
public final class StoreSamples {
    private final SessionRepository sessions;
    private final EngineRegistry engines;
    private volatile double openSessions = Double.NaN;
    private volatile Map<String, Long> enginesByCluster = Map.of();
    private volatile boolean enginesKnown;

    public StoreSamples(SessionRepository sessions, EngineRegistry engines) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.engines = requireNonNull(engines, "engines");
    }

    /** Looks; call it every few seconds. */
    public CompletableFuture<Void> tick() {
        return CompletableFuture.allOf(
                sessions.count().handle((count, failure) -> {
                    openSessions = failure == null ? count : Double.NaN;
                    return null;
                }),
                engines.all().handle((all, failure) -> {
                    enginesKnown = failure == null;
                    enginesByCluster = failure == null
                            ? all.stream()
                                    .collect(Collectors.groupingBy(
                                            engine -> engine.key().cluster(), Collectors.counting()))
                            : Map.of();
                    return null;
                }));
    }

    public double openSessions() {
        return openSessions;
    }

    public double engines(String cluster) {
        return enginesKnown ? enginesByCluster.getOrDefault(cluster, 0L) : Double.NaN;
    }
}
