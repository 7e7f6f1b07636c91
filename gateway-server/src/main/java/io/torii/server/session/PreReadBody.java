package io.torii.server.session;

import io.netty.buffer.ByteBuf;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A body that is read before anybody asks for it, up to a bound; the rest is held back where it comes from. One reader at a
 * time.
 */
final class PreReadBody implements Body {
    /** What is held at most, but for the part that crosses this line. */
    static final long MOST_BYTES = 2 << 20;

    /** Of a body that is to have begun: no more than a part or two, so that the rest flows. */
    private static final long BEGUN_BYTES = 64 << 10;
    /** An engine that sends nothing of it for so long will not. */
    private static final Duration STALL = Duration.ofMinutes(5);

    private final Body source;
    private final long mostBytes;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final Deque<ByteBuf> parts = new ArrayDeque<>();
    private Optional<CompletableFuture<Optional<ByteBuf>>> reading = Optional.empty();
    private long bytes;
    private boolean asked;
    private boolean given;

    PreReadBody(Body source) {
        this(source, MOST_BYTES);
    }

    private PreReadBody(Body source, long mostBytes) {
        this.source = source;
        this.mostBytes = mostBytes;
    }

    /**
     * Completes with the body once 64 KiB of it are here, or all if it is smaller: until then its failure is that of the
     * question, which may be asked again elsewhere, since nobody has had anything of the answer.
     */
    static CompletableFuture<Body> begun(Body source) {
        PreReadBody body = new PreReadBody(source, BEGUN_BYTES);
        body.start();
        return body.begun
                .orTimeout(STALL.toMillis(), TimeUnit.MILLISECONDS)
                .<Body>thenApply(here -> body)
                .exceptionallyCompose(failure -> {
                    body.cancel();
                    return CompletableFuture.failedFuture(
                            Failures.cause(failure) instanceof TimeoutException silence
                                    ? new GatewayException(
                                            ErrorCode.ENGINE_UNREACHABLE,
                                            "The engine began an answer and sent none of it for " + STALL.toMinutes()
                                                    + " minutes",
                                            silence)
                                    : Failures.cause(failure));
                });
    }

    /** Begins to read. */
    void start() {
        while (true) {
            CompletableFuture<Optional<ByteBuf>> part;
            synchronized (this) {
                if (asked || given || reading.isPresent() || bytes >= mostBytes) {
                    return;
                }
                part = source.next();
                reading = Optional.of(part);
            }
            if (!part.isDone()) {
                CompletableFuture<?> unused = part.whenComplete((read, failure) -> {
                    if (goesOn(part)) {
                        start();
                    }
                });
                return;
            }
            if (!goesOn(part)) {
                return;
            }
        }
    }

    private boolean goesOn(CompletableFuture<Optional<ByteBuf>> part) {
        boolean more = keep(part);
        if (!more) {
            CompletableFuture<?> unused = part.whenComplete((read, failure) -> {
                if (failure == null) {
                    begun.complete(null);
                } else {
                    begun.completeExceptionally(Failures.cause(failure));
                }
            });
        }
        return more;
    }

    /** Whether more is to be read; a reader that has come meanwhile takes the part itself. */
    private synchronized boolean keep(CompletableFuture<Optional<ByteBuf>> part) {
        if (asked || given || part.isCompletedExceptionally() || part.join().isEmpty()) {
            return false; // an end and a failure stay where they are, for the reader
        }
        ByteBuf read = part.join().get();
        parts.add(read);
        bytes += read.readableBytes();
        reading = Optional.empty();
        return bytes < mostBytes;
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
