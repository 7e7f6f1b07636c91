package io.torii.api.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Engines that called home, and leases to launch more, for all gateways. Calls return at once and never throw; their
 * futures fail with a GatewayException. Thread-safe.
 */
public interface EngineRegistry {
    /** The engine that takes new sessions for this key; empty means that none does, never "could not ask". */
    CompletableFuture<Optional<RunningEngine>> find(EngineKey key);

    /** The engine of this launch, draining or not, while it is alive. */
    CompletableFuture<Optional<RunningEngine>> find(LaunchTag tag);

    /** All engines that are alive. */
    CompletableFuture<List<RunningEngine>> all();

    /** The launches that have a lease, or an engine that is alive. */
    CompletableFuture<Set<LaunchTag>> tags();

    /**
     * Leases the launch's key, if it is free, until registration, release or the limit; returns the tag of the launch
     * that now holds the lease or whose engine serves the key. A draining engine's key is free. Fails with
     * TOO_MANY_ENGINES if there are as many as {@link EngineLimits} allow, counted over all gateways.
     */
    CompletableFuture<LaunchTag> tryLease(EngineLaunch launch, Duration limit);

    /** The engine of this launch once it registers, or empty once its lease is over: from then on it is refused. */
    CompletableFuture<Optional<RunningEngine>> registrationOf(LaunchTag tag);

    /** Ends the lease of this launch if it has one. */
    CompletableFuture<Void> release(LaunchTag tag);

    /** Forgets an engine that is known to be dead. */
    CompletableFuture<Void> remove(LaunchTag tag);
}
