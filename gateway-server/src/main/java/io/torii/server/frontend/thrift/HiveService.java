package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.torii.server.auth.Logins;
import io.torii.server.session.Caller;
import io.torii.server.session.Sessions;
import io.torii.server.session.Statements;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Hive's service as its transports share it: calls, logins, and one budget for messages that are not complete, wait or are
 * being served. Thread-safe.
 */
public final class HiveService {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FREE_BYTES = 4 * 1024;

    private final ThriftLimits limits;
    private final Logins logins;
    private final Sessions sessions;
    private final HiveCalls calls;
    private final MessageBudget budget;
    private final Deliveries deliveries = new Deliveries(PATIENCE);

    /**
     * @param engineVersion what clients are told as the version of Spark SQL
     * @param fetchSize rows of a page, for sessions that do not say
     */
    public HiveService(
            ThriftLimits limits,
            String engineVersion,
            int fetchSize,
            Logins logins,
            Sessions sessions,
            Statements statements) {
        this.limits = requireNonNull(limits, "limits");
        this.logins = requireNonNull(logins, "logins");
        this.sessions = requireNonNull(sessions, "sessions");
        this.calls = new HiveCalls(limits, engineVersion, fetchSize, sessions, statements);
        this.budget = new MessageBudget(limits.heldBytes());
    }

    public ThriftLimits limits() {
        return limits;
    }

    public Logins logins() {
        return logins;
    }

    /** Bytes of clients' messages that count against what all connections together may hold. */
    public long heldBytes() {
        return budget.held();
    }

    Sessions sessions() {
        return sessions;
    }

    HiveCalls calls() {
        return calls;
    }

    MessageBudget budget() {
        return budget;
    }

    /** Gets ready for a message that arrives on its own, on no connection that this service knows of. */
    public IncomingMessage incoming() {
        return new IncomingMessage(limits, budget.share(FREE_BYTES), ByteBufAllocator.DEFAULT);
    }

    /**
     * Serves a message that is whole. A client that sends it again after it got no answer, or half of one, gets the
     * statement that it has submitted already, or is told that a page is in doubt.
     *
     * @param frontend the name of the transport, for people
     * @param executor where to go on after a wait, or after a while
     */
    public HiveAnswer serve(
            IncomingMessage message, Caller caller, String frontend, ScheduledExecutorService executor) {
        Inbound.Message taken = message.take();
        Deliveries.Answer delivery = deliveries.begin(taken.header().seqId());
        HiveClient client = new RequestClient(sessions, caller, frontend, delivery::isOf);
        Call call = new Call(client, delivery, executor, limits.statement());
        return HiveAnswer.of(taken, calls, call, delivery, limits.stall());
    }
}
