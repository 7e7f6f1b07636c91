package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.torii.server.session.Body;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A body in parts of a size, every other of which takes a moment; counts what was asked of it. */
final class FakeBody implements Body {
    final AtomicInteger handed = new AtomicInteger();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final CountDownLatch delivered = new CountDownLatch(1);
    private final ByteBuf bytes;
    private final int size;

    FakeBody(ByteBuf bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        int number = handed.incrementAndGet();
        Optional<ByteBuf> part = bytes.isReadable()
                ? Optional.of(bytes.readRetainedSlice(Math.min(size, bytes.readableBytes())))
                : Optional.empty();
        return number % 2 == 0 ? CompletableFuture.completedFuture(part) : CompletableFuture.supplyAsync(() -> part);
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public void delivered() {
        delivered.countDown();
    }
}
