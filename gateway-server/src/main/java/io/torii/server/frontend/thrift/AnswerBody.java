package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.session.Body;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message whose response is bytes that come from elsewhere, in parts. Who sends them is not trusted: they must be one
 * structure. If not a single one comes, the message is the refusal; what fails later fails the body. One reader at a time.
 */
final class AnswerBody implements Body {
    private static final Logger log = LoggerFactory.getLogger(AnswerBody.class);

    private final ByteBufAllocator allocator;
    private final MessageHeader header;
    private final Reply.Relay relay;
    private final Body body;
    private final Runnable whenRefused;
    private final BodyCheck check = new BodyCheck();
    private boolean begun;
    private boolean over;

    /**
     * @param body the relay's, timed
     * @param whenRefused told before a refusal is handed out
     */
    AnswerBody(ByteBufAllocator allocator, MessageHeader header, Reply.Relay relay, Body body, Runnable whenRefused) {
        this.allocator = allocator;
        this.header = header;
        this.relay = relay;
        this.body = body;
        this.whenRefused = whenRefused;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        if (over) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return body.next().handle((part, failure) -> failure == null ? taken(part) : failed(failure));
    }

    private Optional<ByteBuf> taken(Optional<ByteBuf> part) {
        try {
            if (part.isPresent()) {
                check.next(part.get());
            } else {
                check.end();
            }
        } catch (MalformedMessageException e) {
            part.ifPresent(ByteBuf::release);
            body.cancel();
            return failed(
                    new GatewayException(ErrorCode.INTERNAL, "The engine's answer is malformed: " + e.getMessage()));
        }
        if (part.isEmpty()) {
            over = true;
            return Optional.of(allocator.buffer(1).writeByte(Replies.END));
        }
        if (begun || !part.get().isReadable()) {
            return part;
        }
        begun = true;
        return Optional.of(Unpooled.wrappedBuffer(Replies.head(allocator, header), part.get()));
    }

    private Optional<ByteBuf> failed(Throwable failure) {
        over = true;
        GatewayException problem = TStatuses.problem(failure);
        if (begun) {
            throw problem;
        }
        whenRefused.run();
        log.warn("an answer cannot be handed on problem={}", problem.getMessage());
        return Optional.of(Replies.value(allocator, header, relay.refusal().apply(TStatuses.of(problem))));
    }

    @Override
    public void whenRevoked(Runnable action) {
        body.whenRevoked(action);
    }

    @Override
    public void delivered() {
        // told to what it relays, by who sends it
    }

    @Override
    public void cancel() {
        over = true;
        body.cancel();
    }
}
