package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.session.Body;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one response whose bytes come from elsewhere: asks for more only while the client takes what is there, and writes
 * what is there together. Who sends the bytes is not trusted: they must be one structure, and each part must come in time.
 * Confined to its connection's event loop.
 */
final class BodyRelay {
    private static final Logger log = LoggerFactory.getLogger(BodyRelay.class);
    private static final int CHUNK = 256 * 1024;
    private static final int PARTS_BEFORE_YIELD = 16;

    /** How it ended. Called once, on the event loop. */
    interface Listener {
        /** All is written and flushed. */
        void sent();

        /** Nothing has been written. */
        void refused(Throwable failure);

        /** A part has been written, the rest will not come. */
        void broken(Throwable failure);
    }

    private final ChannelHandlerContext context;
    private final Body body;
    private final Duration silence;
    private final Listener listener;
    private final BodyCheck check = new BodyCheck();
    private CompositeByteBuf pending;
    private boolean empty = true;
    private boolean written;
    private boolean paused;
    private boolean over;
    private boolean through;

    /**
     * @param head comes before the body; taken over
     * @param silence how long one part may take; zero is for ever
     */
    BodyRelay(ChannelHandlerContext context, ByteBuf head, Body body, Duration silence, Listener listener) {
        this.context = context;
        this.body = body;
        this.silence = silence;
        this.listener = listener;
        this.pending = context.alloc().compositeBuffer(64).addComponent(true, head);
    }

    void start() {
        body.whenRevoked(() -> context.executor().execute(this::revoked));
        ask();
    }

    private void revoked() {
        if (through) {
            return;
        }
        log.warn(
                "closing a connection whose client does not read while others wait address={}",
                context.channel().remoteAddress());
        context.close();
    }

    /** The client may have taken something. */
    void writabilityChanged() {
        if (paused && context.channel().isWritable()) {
            paused = false;
            ask();
        }
    }

    /** The client is gone. */
    void abandon() {
        if (!over) {
            over = true;
            pending.release();
            body.cancel();
        }
    }

    private void ask() {
        for (int part = 0; part < PARTS_BEFORE_YIELD; part++) {
            if (over) {
                return;
            }
            if (!context.channel().isWritable()) {
                paused = true;
                return;
            }
            CompletableFuture<Optional<ByteBuf>> next = body.next();
            if (!next.isDone()) {
                if (!empty) {
                    write();
                }
                await(next);
                return;
            }
            if (!takeNow(next)) {
                return;
            }
        }
        context.executor().execute(this::ask);
    }

    private void await(CompletableFuture<Optional<ByteBuf>> next) {
        Future<?> limit = silence.isZero()
                ? CompletableFuture.completedFuture(null)
                : context.executor().schedule(this::tooLate, silence.toMillis(), TimeUnit.MILLISECONDS);
        next.whenComplete((bytes, failure) -> context.executor().execute(() -> {
            limit.cancel(false);
            if (take(bytes, failure)) {
                ask();
            }
        }));
    }

    private void tooLate() {
        if (!over) {
            body.cancel();
            fail(new GatewayException(
                    ErrorCode.ENGINE_LOST,
                    "The engine has sent nothing for " + silence.toMillis() + " ms in the middle of an answer"));
        }
    }

    private boolean takeNow(CompletableFuture<Optional<ByteBuf>> next) {
        boolean[] more = new boolean[1];
        next.whenComplete((bytes, failure) -> more[0] = take(bytes, failure));
        return more[0];
    }

    /** Whether there may be more. */
    private boolean take(Optional<ByteBuf> part, Throwable failure) {
        if (over) {
            if (part != null) {
                part.ifPresent(ByteBuf::release);
            }
            return false;
        }
        if (failure != null || (part.isEmpty() && empty)) {
            fail(failure != null ? failure : new IllegalStateException("The engine's answer was empty"));
            return false;
        }
        if (!isSound(part)) {
            return false;
        }
        if (part.isEmpty()) {
            over = true;
            pending.addComponent(true, context.alloc().buffer(1).writeByte(Replies.END));
            context.writeAndFlush(pending).addListener(flushed -> {
                through = true;
                if (flushed.isSuccess()) {
                    body.delivered();
                    listener.sent();
                } else {
                    body.cancel();
                    listener.broken(flushed.cause());
                }
            });
            return false;
        }
        if (part.get().isReadable()) {
            empty = false;
        }
        pending.addComponent(true, part.get());
        if (pending.readableBytes() >= CHUNK) {
            write();
        }
        return true;
    }

    /** Whether what has come so far is the beginning, or the whole, of a structure. */
    private boolean isSound(Optional<ByteBuf> part) {
        try {
            if (part.isPresent()) {
                check.next(part.get());
            } else {
                check.end();
            }
            return true;
        } catch (MalformedMessageException e) {
            part.ifPresent(ByteBuf::release);
            body.cancel();
            fail(new GatewayException(ErrorCode.INTERNAL, "The engine's answer is malformed: " + e.getMessage()));
            return false;
        }
    }

    private void fail(Throwable cause) {
        over = true;
        pending.release();
        if (written) {
            listener.broken(cause);
        } else {
            listener.refused(cause);
        }
    }

    private void write() {
        if (!pending.isReadable()) {
            return;
        }
        CompositeByteBuf chunk = pending;
        pending = context.alloc().compositeBuffer(64);
        written = true;
        context.writeAndFlush(chunk, context.voidPromise());
    }
}
