package io.torii.server.engine;

import io.torii.api.Secret;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What engines that call home may do. Any gateway answers any engine. Calls return at once and never throw; futures fail
 * with a GatewayException: STORE_UNAVAILABLE means that the engine shall try again. Thread-safe.
 */
public interface EngineHome {
    /**
     * The engine of this launch is there. The token opens this once: false if it is not the launch's, was used for another
     * address, or the lease is over; such an engine has to end. The same address again is answered as before.
     */
    CompletableFuture<Boolean> register(LaunchTag tag, Secret token, Registration registration);

    /** The engine is alive; what it shall do now, or empty if it is not known here (any more): then it drains and ends. */
    CompletableFuture<Optional<EngineCommand>> heartbeat(LaunchTag tag, EngineLoad load);

    /** The engine ends of its own will; unknown engines are ignored. */
    CompletableFuture<Void> leave(LaunchTag tag, String reason);

    /** What a registered engine signs its requests with; empty if there is no such engine. */
    CompletableFuture<Optional<Secret>> secretOf(LaunchTag tag);

    /** What a registered engine was launched as, without its settings, which nobody keeps; empty if there is no such engine. */
    CompletableFuture<Optional<EngineSpec>> specOf(LaunchTag tag);
}
