package io.torii.server.engine.channel;

import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.CursorMoved;
import io.torii.server.engine.LogText;
import io.torii.server.engine.OpenWithoutJournal;
import io.torii.server.engine.UnknownSession;
import io.torii.server.engine.UnknownStatement;
import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** Failures of the wire as failures of the engine's channel. */
final class ChannelFailures {
    private ChannelFailures() {}

    /** No connection could be made. */
    static RuntimeException unreachable(RunningEngine engine, Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof CancellationException cancelled
                ? cancelled
                : new GatewayException(
                        ErrorCode.ENGINE_UNREACHABLE,
                        "Engine " + engine.key() + " cannot be reached: " + LogText.oneLine(cause.getMessage()),
                        cause);
    }

    /** A call failed. */
    static RuntimeException of(RunningEngine engine, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof WireException wire) {
            return of(engine, wire);
        }
        if (cause instanceof GatewayException || cause instanceof CancellationException) {
            return (RuntimeException) cause;
        }
        return new GatewayException(
                ErrorCode.INTERNAL, "A call to engine " + engine.key() + " failed: " + cause, cause);
    }

    private static RuntimeException of(RunningEngine engine, WireException failure) {
        String said = LogText.oneLine(failure.getMessage());
        return switch (failure.status()) {
            case WireProtocol.NO_SUCH_SESSION -> new UnknownSession(said);
            case WireProtocol.OPEN_WITHOUT_JOURNAL -> new OpenWithoutJournal(said);
            case WireProtocol.NO_SUCH_STATEMENT -> new UnknownStatement(said);
            case WireProtocol.CURSOR_ELSEWHERE -> new CursorMoved(said);
            case WireProtocol.PAGE_IN_DOUBT -> new GatewayException(ErrorCode.ANSWER_IN_DOUBT, said, failure);
            case WireException.DISCONNECTED, WireException.TIMED_OUT ->
                new GatewayException(ErrorCode.ENGINE_LOST, "Engine " + engine.key() + " is lost: " + said, failure);
            case WireProtocol.DRAINING ->
                new GatewayException(
                        ErrorCode.ENGINE_UNREACHABLE,
                        "Engine " + engine.key() + " takes no new sessions: " + said,
                        failure);
            case WireProtocol.UNAUTHENTICATED ->
                new GatewayException(
                        ErrorCode.ENGINE_UNREACHABLE,
                        "Engine " + engine.key() + " cannot be reached: " + said,
                        failure);
            case WireProtocol.TOO_LARGE -> new GatewayException(ErrorCode.MESSAGE_TOO_LARGE, said, failure);
            default -> new GatewayException(ErrorCode.INTERNAL, "Engine " + engine.key() + " failed: " + said, failure);
        };
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
