package io.torii.server.engine;

import io.torii.api.engine.RunningEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** When engines last reported, to whichever gateway. Thread-safe. */
@FunctionalInterface
public interface Heartbeats {
    /** Engines that the store has not heard of for so long, or longer. Fails with STORE_UNAVAILABLE. */
    CompletableFuture<List<RunningEngine>> silentFor(Duration time);
}
