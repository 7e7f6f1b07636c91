package io.torii.server.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A body that is read before anybody asks for it, up to a bound; the rest is held back where it comes from. One reader at a
 * time.
 */
final class PreReadBody implements Body {
    /** What is held at most, but for the part that crosses this line. */
    static final long MOST_BYTES = 2 << 20;

    private final Body source;
    private final Deque<ByteBuf> parts = new ArrayDeque<>();
    private Optional<CompletableFuture<Optional<ByteBuf>>> reading = Optional.empty();
    private long bytes;
    private boolean asked;
    private boolean given;

    PreReadBody(Body source) {
        this.source = source;
    }

    /** Begins to read. */
    void start() {
        while (true) {
            CompletableFuture<Optional<ByteBuf>> part;
            synchronized (this) {
                if (asked || given || reading.isPresent() || bytes >= MOST_BYTES) {
                    return;
                }
                part = source.next();
                reading = Optional.of(part);
            }
            if (!part.isDone()) {
                CompletableFuture<?> unused = part.whenComplete((read, failure) -> {
                    if (keep(part)) {
                        start();
                    }
                });
                return;
            }
            if (!keep(part)) {
                return;
            }
        }
    }

    /** Whether there may be more; a reader that has come meanwhile takes the part itself. */
    private synchronized boolean keep(CompletableFuture<Optional<ByteBuf>> part) {
        if (asked || given || part.isCompletedExceptionally() || part.join().isEmpty()) {
            return false; // an end and a failure stay where they are, for the reader
        }
        ByteBuf read = part.join().get();
        parts.add(read);
        bytes += read.readableBytes();
        reading = Optional.empty();
        return true;
    }

    @Override
    public synchronized CompletableFuture<Optional<ByteBuf>> next() {
        asked = true;
        ByteBuf first = parts.poll();
        if (first != null) {
            bytes -= first.readableBytes();
            return CompletableFuture.completedFuture(Optional.of(first));
        }
        if (reading.isPresent()) {
            CompletableFuture<Optional<ByteBuf>> under = reading.get();
            reading = Optional.empty();
            return under;
        }
        return source.next();
    }

    /** What is being read when it is given up is released once it has come. */
    @Override
    public void cancel() {
        Optional<CompletableFuture<Optional<ByteBuf>>> under;
        synchronized (this) {
            given = true;
            for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
                bytes -= part.readableBytes();
                part.release();
            }
            under = reading;
            reading = Optional.empty();
        }
        source.cancel();
        under.ifPresent(part -> part.thenAccept(late -> late.ifPresent(ByteBuf::release)));
    }

    @Override
    public void delivered() {
        source.delivered();
    }
}
