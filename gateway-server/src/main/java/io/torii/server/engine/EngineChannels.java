package io.torii.server.engine;

import io.torii.api.engine.RunningEngine;
import java.util.concurrent.CompletableFuture;

/** Connections to engines, one each, made when asked for and kept. Thread-safe. */
public interface EngineChannels {
    /** Fails with ENGINE_UNREACHABLE if it cannot be reached, or does not prove that it is the one. */
    CompletableFuture<EngineChannel> channelTo(RunningEngine engine);
}
