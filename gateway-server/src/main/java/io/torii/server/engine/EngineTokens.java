package io.torii.server.engine;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Gets engines fresh delegation tokens from their clusters: those of the user whom the registry has for the engine, whatever the
 * engine says. Engines that ask while they are asked for share the answer. Keeps none. Thread-safe.
 */
public final class EngineTokens {
    private final EngineHome home;
    private final Map<String, ClusterBackend> clusters;
    private final ConcurrentMap<LaunchTag, CompletableFuture<Optional<byte[]>>> asked = new ConcurrentHashMap<>();

    /** @param clusters by name; looked at when an engine asks */
    public EngineTokens(EngineHome home, Map<String, ClusterBackend> clusters) {
        this.home = requireNonNull(home, "home");
        this.clusters = requireNonNull(clusters, "clusters");
    }

    /**
     * The tokens for this engine; no bytes if its cluster asks for none, empty if it is not registered. Fails with a
     * GatewayException if the cluster cannot give any now.
     */
    public CompletableFuture<Optional<byte[]>> of(LaunchTag tag) {
        CompletableFuture<Optional<byte[]>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<byte[]>> earlier = asked.putIfAbsent(tag, answer);
        if (earlier != null) {
            return earlier.copy();
        }
        CompletableFuture<Optional<byte[]>> unused = home.specOf(tag)
                .thenCompose(spec -> spec.isEmpty()
                        ? completedFuture(Optional.<byte[]>empty())
                        : fresh(spec.get()).thenApply(Optional::of))
                .whenComplete((tokens, failure) -> {
                    asked.remove(tag);
                    if (failure == null) {
                        answer.complete(tokens);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
        return answer.copy();
    }

    private CompletableFuture<byte[]> fresh(EngineSpec engine) {
        ClusterBackend cluster = clusters.get(engine.key().cluster());
        return cluster == null
                ? failedFuture(new GatewayException(
                        ErrorCode.CLUSTER_UNAVAILABLE,
                        "This gateway has no cluster " + engine.key().cluster() + " any more"))
                : cluster.tokens(engine);
    }
}
