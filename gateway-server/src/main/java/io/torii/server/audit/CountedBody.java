package io.torii.server.audit;

import io.netty.buffer.ByteBuf;
import io.torii.server.session.Body;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** A body whose bytes are counted as they pass. */
final class CountedBody implements Body {
    private final Body body;
    private final LongConsumer counter;

    CountedBody(Body body, LongConsumer counter) {
        this.body = body;
        this.counter = counter;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        return body.next().thenApply(part -> {
            part.ifPresent(bytes -> counter.accept(bytes.readableBytes()));
            return part;
        });
    }

    @Override
    public void whenRevoked(Runnable action) {
        body.whenRevoked(action);
    }

    @Override
    public void delivered() {
        body.delivered();
    }

    @Override
    public void cancel() {
        body.cancel();
    }
}
