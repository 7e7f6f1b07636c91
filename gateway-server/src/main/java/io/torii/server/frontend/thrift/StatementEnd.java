package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.Caller;
import io.torii.server.session.Statements;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for the end of a statement whose client wants no answer before. Thread-safe. */
final class StatementEnd {
    private static final Duration TURN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Statements statements;

    StatementEnd(Statements statements) {
        this.statements = statements;
    }

    /**
     * The statement's success; fails with {@link Failed} or a GatewayException, and then the statement is closed. So it is
     * if it takes longer than the call may.
     */
    CompletableFuture<StatementStatus> of(StatementId id, Caller caller, Call call) {
        Wait wait = new Wait(id, caller, call);
        wait.ask();
        return wait.ended.thenCompose(status -> {
            if (status.state() == StatementState.FINISHED) {
                return CompletableFuture.completedFuture(status);
            }
            RuntimeException failure = failure(status);
            return statements.close(id, caller).handle((closed, ignored) -> {
                throw failure;
            });
        });
    }

    private static RuntimeException failure(StatementStatus status) {
        if (status.failure().isPresent()) {
            return new Failed(status.failure().get());
        }
        return switch (status.state()) {
            case TIMED_OUT -> new GatewayException(ErrorCode.STATEMENT_TIMED_OUT, "The statement took too long");
            case CANCELED -> new GatewayException(ErrorCode.STATEMENT_CANCELLED, "The statement was cancelled");
            case CLOSED -> new GatewayException(ErrorCode.STATEMENT_STATE, "The statement was closed");
            default -> new GatewayException(ErrorCode.STATEMENT_FAILED, "The statement failed");
        };
    }

    /**
     * Asks again until the statement has ended. An engine that answers at once without saying anything new is not asked at
     * once again: it would be asked for ever.
     */
    private final class Wait {
        private final CompletableFuture<StatementStatus> ended = new CompletableFuture<>();
        private final StatementId id;
        private final Caller caller;
        private final Call call;
        private StatementState latest = StatementState.PENDING;
        private final Duration patience;
        private final long beganNanos = System.nanoTime();
        private long askedNanos;

        private Wait(StatementId id, Caller caller, Call call) {
            this.id = id;
            this.caller = caller;
            this.call = call;
            this.patience = call.beginStatement();
        }

        private void ask() {
            askedNanos = System.nanoTime();
            try {
                call.waitFor(statements.status(id, caller, turn())).whenCompleteAsync(this::answered, call.executor());
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            }
        }

        private Duration turn() {
            long left = Math.max(0, patience.toNanos() - (System.nanoTime() - beganNanos));
            return patience.isZero() || left > TURN.toNanos() ? TURN : Duration.ofNanos(left);
        }

        private boolean isOverdue() {
            return !patience.isZero() && System.nanoTime() - beganNanos >= patience.toNanos();
        }

        private void giveUp() {
            GatewayException problem = new GatewayException(
                    ErrorCode.STATEMENT_TIMED_OUT,
                    "The statement was ended: a request over HTTP waits " + patience.toSeconds()
                            + " s for one at most; run it asynchronously (runAsync)");
            statements.close(id, caller).whenComplete((closed, ignored) -> ended.completeExceptionally(problem));
        }

        private void answered(StatementStatus status, Throwable failure) {
            if (failure != null) {
                ended.completeExceptionally(failure);
            } else if (status.state().isTerminal()) {
                ended.complete(status);
            } else if (isOverdue()) {
                giveUp();
            } else if (status.state().compareTo(latest) > 0) {
                latest = status.state();
                ask();
            } else {
                long early = PAUSE.toNanos() - (System.nanoTime() - askedNanos);
                call.executor().schedule(this::ask, Math.max(0, early), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** A statement's own failure, on its way to the client. */
    static final class Failed extends RuntimeException {
        private final transient StatementFailure failure;

        private Failed(StatementFailure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }

        StatementFailure failure() {
            return failure;
        }
    }
}
