package io.torii.server.engine.channel;

import io.netty.buffer.ByteBuf;
import io.torii.api.engine.RunningEngine;
import io.torii.server.session.Body;
import io.torii.wire.WireStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An engine's answer, handed on as it arrives and not looked into: whoever sends it on to a client checks it. One reader at a time. */
final class RelayedBody implements Body {
    private final RunningEngine engine;
    private final WireStream stream;

    RelayedBody(RunningEngine engine, WireStream stream) {
        this.engine = engine;
        this.stream = stream;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        return stream.next()
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(ChannelFailures.of(engine, failure)));
    }

    @Override
    public void delivered() {
        // told by who knows which page it is
    }

    @Override
    public void cancel() {
        stream.cancel();
    }
}
