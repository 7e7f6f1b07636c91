package io.torii.server.engine;

import io.torii.api.engine.LaunchTag;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Why engines have ended. Thread-safe. */
@FunctionalInterface
public interface EngineEnds {
    /** What its cluster says of an engine that has ended, or ends just now; empty if it does not say so within seconds. */
    CompletableFuture<Optional<String>> why(LaunchTag engine);
}
