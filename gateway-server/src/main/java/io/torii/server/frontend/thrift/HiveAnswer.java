package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBufAllocator;
import io.torii.server.session.Body;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.thrift.TApplicationException;

/** The answer to one message. Whoever has it must say how it ended. Thread-safe. */
public final class HiveAnswer {
    private final Call call;
    private final Deliveries.Answer delivery;
    private final CompletableFuture<Body> body;
    private final AtomicReference<Optional<Body>> relayed = new AtomicReference<>(Optional.empty());
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean refused;

    private HiveAnswer(
            Inbound.Message message, HiveCalls calls, Call call, Deliveries.Answer delivery, Duration silence) {
        this.call = call;
        this.delivery = delivery;
        MessageHeader header = message.header();
        this.body = calls.answer(message, call).handle((reply, failure) -> body(header, reply, failure, silence));
    }

    static HiveAnswer of(
            Inbound.Message message, HiveCalls calls, Call call, Deliveries.Answer delivery, Duration silence) {
        return new HiveAnswer(message, calls, call, delivery, silence);
    }

    /** The message that answers, to be read by one reader; does not fail. */
    public CompletableFuture<Body> body() {
        return body;
    }

    /** Whether the answer is that a statement has ended, which may take longer than other calls. */
    public boolean isForStatement() {
        return call.isForStatement();
    }

    /** Nobody wants the answer any more: gives up what it waits for. */
    public void abandon() {
        call.abandon();
    }

    /** @param sent whether all of the answer has been written to the client's connection; the first call counts */
    public void ended(boolean sent) {
        boolean through = sent && !refused;
        Optional<Body> page = relayed.getAndSet(Optional.empty());
        if (through) {
            page.ifPresent(Body::delivered);
            if (!answered.getAndSet(true)) {
                call.answered();
            }
        }
        delivery.ended(through);
    }

    private Body body(MessageHeader header, Reply reply, Throwable failure, Duration silence) {
        ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        if (failure != null) {
            String problem = TStatuses.problem(failure).getMessage();
            return Body.of(Replies.exception(allocator, header, TApplicationException.INTERNAL_ERROR, problem));
        }
        if (reply instanceof Reply.Relay relay) {
            relayed.set(Optional.of(relay.body()));
            TimedBody timed = new TimedBody(relay.body(), silence, call.executor());
            return new AnswerBody(allocator, header, relay, timed, () -> refused = true);
        }
        if (reply instanceof Reply.Failure problem) {
            return Body.of(Replies.exception(allocator, header, problem.kind(), problem.message()));
        }
        return Body.of(Replies.value(allocator, header, ((Reply.Value) reply).response()));
    }
}
