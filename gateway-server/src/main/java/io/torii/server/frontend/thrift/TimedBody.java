package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.session.Body;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A body each part of which must come in time. One reader at a time. */
final class TimedBody implements Body {
    private final Body body;
    private final Duration silence;
    private final ScheduledExecutorService timer;

    /** @param silence how long one part may take; zero is for ever */
    TimedBody(Body body, Duration silence, ScheduledExecutorService timer) {
        this.body = body;
        this.silence = silence;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        CompletableFuture<Optional<ByteBuf>> part = body.next();
        if (part.isDone() || silence.isZero()) {
            return part;
        }
        CompletableFuture<Optional<ByteBuf>> inTime = new CompletableFuture<>();
        Future<?> limit = timer.schedule(() -> giveUp(inTime), silence.toMillis(), TimeUnit.MILLISECONDS);
        part.whenComplete((bytes, failure) -> {
            limit.cancel(false);
            boolean wanted = failure == null ? inTime.complete(bytes) : inTime.completeExceptionally(failure);
            if (!wanted && bytes != null) {
                bytes.ifPresent(ByteBuf::release);
            }
        });
        return inTime;
    }

    private void giveUp(CompletableFuture<Optional<ByteBuf>> part) {
        GatewayException problem = new GatewayException(
                ErrorCode.ENGINE_LOST,
                "The engine has sent nothing for " + silence.toMillis() + " ms in the middle of an answer");
        if (part.completeExceptionally(problem)) {
            body.cancel();
        }
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
