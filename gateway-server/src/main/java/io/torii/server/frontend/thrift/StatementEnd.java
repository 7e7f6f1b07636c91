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

/** Waits for the end of a statement whose client wants no answer before. Thread-safe. */
final class StatementEnd {
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Statements statements;

    StatementEnd(Statements statements) {
        this.statements = statements;
    }

    /** The statement's success; fails with {@link Failed} or a GatewayException, and then the statement is closed. */
    CompletableFuture<StatementStatus> of(StatementId id, Caller caller, Call call) {
        return await(id, caller, call).thenCompose(status -> {
            if (status.state() == StatementState.FINISHED) {
                return CompletableFuture.completedFuture(status);
            }
            RuntimeException failure = failure(status);
            return statements.close(id, caller).handle((closed, ignored) -> {
                throw failure;
            });
        });
    }

    private CompletableFuture<StatementStatus> await(StatementId id, Caller caller, Call call) {
        return call.waitFor(statements.status(id, caller, TURN))
                .thenComposeAsync(
                        status -> status.state().isTerminal()
                                ? CompletableFuture.completedFuture(status)
                                : await(id, caller, call),
                        call.executor());
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
