package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementFailure;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Success and failures as Hive's drivers read them. */
final class TStatuses {
    private static final Logger log = LoggerFactory.getLogger(TStatuses.class);

    private TStatuses() {}

    static TStatus success() {
        return new TStatus(TStatusCode.SUCCESS_STATUS);
    }

    static TStatus of(Throwable failure) {
        if (cause(failure) instanceof StatementEnd.Failed failed) {
            return of(failed.failure());
        }
        GatewayException problem = problem(failure);
        boolean handle = problem.code() == ErrorCode.INVALID_HANDLE;
        return status(
                handle ? TStatusCode.INVALID_HANDLE_STATUS : TStatusCode.ERROR_STATUS,
                problem.sqlState(),
                problem.code().number(),
                problem.getMessage());
    }

    static TStatus of(StatementFailure failure) {
        TStatus status = status(TStatusCode.ERROR_STATUS, failure.sqlState(), failure.code(), failure.message());
        if (!failure.details().isEmpty()) {
            status.setInfoMessages(causes(failure.details()));
        }
        return status;
    }

    private static TStatus status(TStatusCode code, String sqlState, int number, String message) {
        TStatus status = new TStatus(code);
        status.setSqlState(sqlState);
        status.setErrorCode(number);
        status.setErrorMessage(message);
        return status;
    }

    /**
     * Details as the chain of causes that Hive's drivers rebuild: {@code *class:message:frames:last frame}. The list must
     * not be empty: they would fail on it.
     */
    static List<String> causes(List<String> details) {
        return details.stream()
                .map(detail -> "*java.lang.RuntimeException:" + detail + ":0:-1")
                .toList();
    }

    /** What went wrong, in words for the client; what nobody foresaw goes to the log. */
    static GatewayException problem(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof GatewayException problem) {
            return problem;
        }
        if (cause instanceof CancellationException) {
            return new GatewayException(ErrorCode.STATEMENT_STATE, "The call was given up", cause);
        }
        log.error("a call failed for a reason that nobody foresaw", cause);
        return new GatewayException(
                ErrorCode.INTERNAL, "Something went wrong in the gateway; its log says what", cause);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
