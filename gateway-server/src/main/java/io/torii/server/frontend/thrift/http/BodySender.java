package io.torii.server.frontend.thrift.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.torii.server.session.Body;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends a body as the content of a response: takes more of it only when what it has taken is written, and writes what is
 * there together. Confined to its executor.
 */
final class BodySender {
    private static final int CHUNK = 64 * 1024;
    private static final int LARGE = 32 * 1024;
    private static final int SMALL = 1024;

    private final Body body;
    private final Response response;
    private final Executor executor;
    private final Consumer<Boolean> waiting;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private ByteBuf pending;
    private boolean over;

    /**
     * @param executor runs its tasks one after the other, and this object's methods
     * @param waiting told whether it waits for the body, and not for the client
     */
    BodySender(Body body, Response response, Executor executor, Consumer<Boolean> waiting) {
        this.waiting = waiting;
        this.body = body;
        this.response = response;
        this.executor = executor;
    }

    /** Completes, on the executor, once all is written, or fails. */
    CompletableFuture<Void> send() {
        body.whenRevoked(
                () -> executor.execute(() -> abandon(new EofException("The client does not read while others wait"))));
        go();
        return sent;
    }

    /** The client is gone. */
    void abandon(Throwable reason) {
        if (!over) {
            body.cancel();
            fail(reason);
        }
    }

    private void go() {
        while (!over) {
            CompletableFuture<Optional<ByteBuf>> next = body.next();
            if (!next.isDone()) {
                if (pending == null) {
                    await(next);
                } else {
                    write(false, () -> await(next));
                }
                return;
            }
            if (!take(next)) {
                return;
            }
        }
    }

    private void await(CompletableFuture<Optional<ByteBuf>> next) {
        if (!over) {
            waiting.accept(true);
        }
        next.whenComplete((part, failure) -> executor.execute(() -> {
            if (take(next)) {
                go();
            }
        }));
    }

    /** Takes a part that is there; whether to go on at once. */
    private boolean take(CompletableFuture<Optional<ByteBuf>> next) {
        if (next.isCompletedExceptionally()) {
            next.whenComplete((part, failure) -> fail(failure));
            return false;
        }
        Optional<ByteBuf> part = next.join();
        if (over) {
            part.ifPresent(ByteBuf::release);
            return false;
        }
        if (part.isEmpty()) {
            write(true, () -> {
                over = true;
                sent.complete(null);
            });
            return false;
        }
        ByteBuf bytes = part.get();
        boolean large = pending == null && bytes.readableBytes() >= LARGE;
        if (large) {
            pending = bytes;
        } else {
            append(bytes);
        }
        if (large || pending.readableBytes() >= CHUNK) {
            write(false, this::go);
            return false;
        }
        return true;
    }

    private void append(ByteBuf part) {
        try {
            if (pending == null) {
                pending = ByteBufAllocator.DEFAULT.directBuffer(Math.max(SMALL, part.readableBytes()));
            }
            pending.writeBytes(part);
        } finally {
            part.release();
        }
    }

    /** @param then runs in any case: a part that was asked for meanwhile must be released, if for nothing else */
    private void write(boolean last, Runnable then) {
        ByteBuf bytes = pending == null ? ByteBufAllocator.DEFAULT.buffer(0) : pending;
        pending = null;
        waiting.accept(false);
        response.write(last, bytes.nioBuffer(), new Callback() {
            @Override
            public void succeeded() {
                executor.execute(() -> {
                    bytes.release();
                    then.run();
                });
            }

            @Override
            public void failed(Throwable failure) {
                executor.execute(() -> {
                    bytes.release();
                    abandon(failure);
                    then.run();
                });
            }
        });
    }

    private void fail(Throwable failure) {
        if (!over) {
            over = true;
            if (pending != null) {
                pending.release();
                pending = null;
            }
            sent.completeExceptionally(failure);
        }
    }
}
