package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EngineChannels;
import io.torii.server.engine.Engines;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Connections to the engines that sessions are bound to. Thread-safe. */
public final class EngineLinks {
    private final EngineRegistry registry;
    private final EngineChannels channels;
    private final Engines engines;

    public EngineLinks(EngineRegistry registry, EngineChannels channels, Engines engines) {
        this.registry = requireNonNull(registry, "registry");
        this.channels = requireNonNull(channels, "channels");
        this.engines = requireNonNull(engines, "engines");
    }

    CompletableFuture<EngineChannel> channelTo(RunningEngine engine) {
        return channels.channelTo(engine);
    }

    /** A connection to the engine of this launch; empty if it has ended. Fails if it is alive but cannot be reached. */
    CompletableFuture<Optional<EngineChannel>> channelTo(LaunchTag tag) {
        return registry.find(tag)
                .thenCompose(found ->
                        found.isEmpty() ? CompletableFuture.completedFuture(Optional.empty()) : connect(found.get()));
    }

    /** After a call to it has failed: whether the engine has ended, as far as anybody can tell. */
    CompletableFuture<Boolean> isGone(RunningEngine engine) {
        return engines.suspect(engine)
                .handle((looked, failure) -> registry.find(engine.tag()))
                .thenCompose(found -> found)
                .thenApply(Optional::isEmpty);
    }

    private CompletableFuture<Optional<EngineChannel>> connect(RunningEngine engine) {
        return channels.channelTo(engine).thenApply(Optional::of).exceptionallyCompose(failure -> {
            if (!Failures.isEngineGone(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            return isGone(engine)
                    .thenCompose(gone -> gone
                            ? CompletableFuture.completedFuture(Optional.empty())
                            : CompletableFuture.failedFuture(failure));
        });
    }
}
