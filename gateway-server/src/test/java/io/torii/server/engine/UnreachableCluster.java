package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A cluster that fails whatever is asked of it, but for what the test makes it say. Thread-safe. */
final class UnreachableCluster implements ClusterBackend {
    private final Set<LaunchTag> ended = ConcurrentHashMap.newKeySet();
    private volatile CompletableFuture<ClusterSnapshot> load = unreachable();
    private volatile CompletableFuture<String> log = unreachable();
    private volatile CompletableFuture<Void> kill = unreachable();

    void applicationEnds(LaunchTag tag) {
        ended.add(tag);
    }

    void logIs(CompletableFuture<String> log) {
        this.log = log;
    }

    void loadIs(CompletableFuture<ClusterSnapshot> load) {
        this.load = load;
    }

    /** Kills are never answered. */
    void hangAtKills() {
        kill = new CompletableFuture<>();
    }

    static <T> CompletableFuture<T> unreachable() {
        return failedFuture(new GatewayException(ErrorCode.CLUSTER_UNAVAILABLE, "No route to host"));
    }

    @Override
    public CompletableFuture<ClusterSnapshot> load() {
        return load;
    }

    @Override
    public CompletableFuture<Submission> submit(EngineLaunch launch) {
        return unreachable();
    }

    @Override
    public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
        return unreachable();
    }

    @Override
    public CompletableFuture<Application> endOf(LaunchTag tag) {
        return ended.contains(tag) ? completedFuture(Application.ended(tag, "", "")) : unreachable();
    }

    @Override
    public CompletableFuture<List<Application>> live() {
        return unreachable();
    }

    @Override
    public CompletableFuture<String> log(LaunchTag tag, int maxLines) {
        return log;
    }

    @Override
    public CompletableFuture<Void> kill(LaunchTag tag) {
        return kill;
    }

    @Override
    public CompletableFuture<byte[]> tokens(EngineSpec engine) {
        return unreachable();
    }
}
