package io.torii.api.cluster;

import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One cluster manager. Calls return at once and never throw; their futures fail with a GatewayException and, but for
 * {@link #endOf}, complete within the request time-out. The cluster is the record: a backend made afresh finds what an
 * earlier one submitted. Thread-safe.
 */
public interface ClusterBackend {
    /**
     * Submits under a tag that the cluster keeps with the application, and hands token and secret over so that only
     * the engine can read them. Refused is a failure, a lost answer UNKNOWN.
     */
    CompletableFuture<Submission> submit(EngineLaunch launch);

    /** The application with this tag; empty means that the cluster has none, never "could not ask". */
    CompletableFuture<Optional<Application>> find(LaunchTag tag);

    /** The application with this tag once it has ended, however long that takes; cancel it to stop watching. */
    CompletableFuture<Application> endOf(LaunchTag tag);

    /** All applications of these gateways that are alive, whichever of them has submitted them. */
    CompletableFuture<List<Application>> live();

    /** The last lines that the application with this tag has written, oldest first; for people. */
    CompletableFuture<String> log(LaunchTag tag, int maxLines);

    /** Kills the application with this tag, if there is one; completes once it is gone or the kill is under way. */
    CompletableFuture<Void> kill(LaunchTag tag);

    /** What the cluster has and uses now. */
    CompletableFuture<ClusterSnapshot> load();

    /**
     * Fresh delegation tokens for the user that this engine runs as, as Hadoop writes them to a token file; no bytes from a
     * cluster that asks for none. Whoever has them acts as that user: they are for the engine alone.
     */
    CompletableFuture<byte[]> tokens(EngineSpec engine);
}
