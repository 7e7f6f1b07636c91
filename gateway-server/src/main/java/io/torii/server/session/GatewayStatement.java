package io.torii.server.session;

import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.api.state.StateMachine;
import io.torii.server.engine.Handover;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A statement of which this gateway knows something that its engine does not: it waits for the engine, ended before it
 * had one, or has lines of log from before. Thread-safe.
 */
final class GatewayStatement {
    /** Where it is. */
    sealed interface Phase {
        record Waiting() implements Phase {}

        /** On its way to the engine: too late to end it here. */
        record Sending() implements Phase {}

        record Sent() implements Phase {}

        /** Ended, but the store has yet to hear of it: nobody is told before, and it is never sent. */
        record Ending(StatementStatus status) implements Phase {}

        record Ended(StatementStatus status) implements Phase {}
    }

    private final StatementId id;
    private volatile Work work;
    private final Instant submittedAt;
    private final StatementLog log;
    private final AtomicReference<Handover> handover;
    private final StateMachine<Phase> phase =
            new StateMachine<>(new Phase.Waiting(), GatewayStatement::mayBecome, Phase.Ended.class::isInstance);

    GatewayStatement(StatementId id, Work work, Instant submittedAt) {
        this(id, work, submittedAt, Handover.UNDER_WAY, new StatementLog());
    }

    /** @param log with the lines of an earlier run */
    GatewayStatement(StatementId id, Work work, Instant submittedAt, Handover handover, StatementLog log) {
        this.id = id;
        this.work = work;
        this.submittedAt = submittedAt;
        this.handover = new AtomicReference<>(handover);
        this.log = log;
    }

    StatementId id() {
        return id;
    }

    Work work() {
        return work;
    }

    Instant submittedAt() {
        return submittedAt;
    }

    Handover handover() {
        return handover.get();
    }

    /** The client has the handle. */
    void handedOver() {
        handover.set(Handover.ARRIVED);
    }

    /** A client has asked for it here: where it was in doubt whether it has the handle, it is not any more. */
    void used() {
        boolean unused = handover.compareAndSet(Handover.IN_DOUBT, Handover.ARRIVED);
    }

    /** True, once, if it was in doubt whether the client has the handle: whoever asks gives it the handle. */
    boolean tryClaim() {
        return handover.compareAndSet(Handover.IN_DOUBT, Handover.UNDER_WAY);
    }

    StatementLog log() {
        return log;
    }

    Phase phase() {
        return phase.state();
    }

    CompletableFuture<Phase> changeFrom(Phase known) {
        return phase.changeFrom(known);
    }

    boolean tryMove(Phase next) {
        return phase.tryMove(next);
    }

    /** Its engine has it: what was asked of it, which may be long, is not needed here any more. */
    void sent() {
        if (tryMove(new Phase.Sent())) {
            work = new Work.Done();
        }
    }

    /** The store has heard how it ended. */
    void ended() {
        if (phase() instanceof Phase.Ending ending) {
            tryMove(new Phase.Ended(ending.status()));
        }
    }

    static StatementStatus ended(StatementState state, Instant at) {
        return new StatementStatus(state, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.of(at));
    }

    private static boolean mayBecome(Phase from, Phase to) {
        if (from instanceof Phase.Waiting) {
            return true;
        }
        if (from instanceof Phase.Sending) {
            return to instanceof Phase.Sent
                    || (to instanceof Phase.Ending end && end.status().state() == StatementState.FAILED);
        }
        return from instanceof Phase.Ending && to instanceof Phase.Ended;
    }
}
