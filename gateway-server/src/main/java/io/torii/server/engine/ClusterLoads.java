package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** What is known of each cluster now. A cluster that cannot be asked is not healthy until it answers again. Thread-safe. */
public final class ClusterLoads {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, ClusterBackend> clusters;
    private final Clock clock;
    private final Duration patience;
    private final ConcurrentMap<String, Answer> latest = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();

    /** @param number of the question */
    private record Answer(long number, ClusterSnapshot snapshot) {}

    public ClusterLoads(Map<String, ClusterBackend> clusters, Clock clock) {
        this(clusters, clock, PATIENCE);
    }

    ClusterLoads(Map<String, ClusterBackend> clusters, Clock clock, Duration patience) {
        this.patience = requireNonNull(patience, "patience");
        this.clusters = new TreeMap<>(clusters);
        this.clock = requireNonNull(clock, "clock");
    }

    /** The last snapshots, sorted by the clusters' names; returns at once. */
    public List<ClusterSnapshot> latest() {
        return clusters.keySet().stream()
                .map(name -> Optional.ofNullable(latest.get(name))
                        .map(Answer::snapshot)
                        .orElseGet(() -> unhealthy(name, "it has not answered yet")))
                .toList();
    }

    /** Asks every cluster; completes, normally, once all have answered or ten seconds are over. Call it every few seconds. */
    public CompletableFuture<Void> tick() {
        long number = asked.incrementAndGet();
        CompletableFuture<?>[] answers = clusters.entrySet().stream()
                .map(cluster -> cluster.getValue()
                        .load()
                        .copy()
                        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> unhealthy(cluster.getKey(), "it does not answer" + why(failure)))
                        .thenAccept(snapshot ->
                                latest.merge(cluster.getKey(), new Answer(number, snapshot), ClusterLoads::later)))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers);
    }

    /** What an earlier question finds out late is no news. */
    private static Answer later(Answer known, Answer come) {
        return known.number() > come.number() ? known : come;
    }

    private ClusterSnapshot unhealthy(String name, String reason) {
        return ClusterSnapshot.unhealthy(name, reason, clock.instant());
    }

    private String why(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return " within " + patience.toMillis() + " ms";
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return ": " + cause.getMessage();
    }
}
