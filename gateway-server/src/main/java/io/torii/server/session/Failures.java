package io.torii.server.session;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.LogText;
import io.torii.server.engine.UnknownSession;
import io.torii.server.engine.UnknownStatement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes wrong, in the words that clients see. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The failure itself, without what futures wrap it in. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The failure as one that may cross a seam. */
    static GatewayException of(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof GatewayException known) {
            return known;
        }
        if (cause instanceof UnknownSession || cause instanceof UnknownStatement) {
            return new GatewayException(ErrorCode.ENGINE_LOST, cause.getMessage());
        }
        String reference = Integer.toHexString(System.identityHashCode(cause));
        log.error("unforeseen failure reference={}", reference, cause);
        return new GatewayException(
                ErrorCode.INTERNAL,
                "The gateway failed in a way that nobody has foreseen; its log says more under reference " + reference,
                cause);
    }

    /** What {@link #of} would say, without the words. */
    static ErrorCode codeOf(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof GatewayException known) {
            return known.code();
        }
        return cause instanceof UnknownSession || cause instanceof UnknownStatement
                ? ErrorCode.ENGINE_LOST
                : ErrorCode.INTERNAL;
    }

    static boolean isEngineGone(Throwable failure) {
        return cause(failure) instanceof GatewayException known
                && (known.code() == ErrorCode.ENGINE_LOST || known.code() == ErrorCode.ENGINE_UNREACHABLE);
    }

    /** For work that nobody waits for. */
    static void logged(String what, Object id, CompletableFuture<?> work) {
        CompletableFuture<?> unused = work.whenComplete((done, failure) -> {
            if (failure != null) {
                boolean told = codeOf(failure) == ErrorCode.STORE_UNAVAILABLE; // by who asked the store
                LogKeys.about(told ? log.atDebug() : log.atWarn(), id)
                        .log(
                                "{} failed: {}",
                                what,
                                LogText.oneLine(cause(failure).getMessage()));
            }
        });
    }

    static GatewayException noSession(SessionId id) {
        return new GatewayException(
                ErrorCode.INVALID_HANDLE, "There is no session " + id + ": it was closed, or has been unused too long");
    }

    static GatewayException noStatement(StatementId id) {
        return new GatewayException(
                ErrorCode.INVALID_HANDLE,
                "There is no statement " + id + ": it was closed, or its results have been unused too long");
    }

    static GatewayException engineLost(StatementId id) {
        return engineLost(id, Optional.empty());
    }

    /** @param reason why the engine has ended, if anybody knows */
    static GatewayException engineLost(StatementId id, Optional<String> reason) {
        return new GatewayException(
                ErrorCode.ENGINE_LOST,
                "The engine of statement " + id + " has ended"
                        + reason.map(why -> " (" + why + ")").orElse("")
                        + ", and the statement with it, which may have run; run it again if it may run twice");
    }

    static GatewayException pinnedStateLost(LiveSession live) {
        return new GatewayException(
                ErrorCode.ENGINE_LOST,
                "The session's engine has ended or let the session go, and with it what only that engine had ("
                        + live.row().pinned() + "); open a new session");
    }
}
