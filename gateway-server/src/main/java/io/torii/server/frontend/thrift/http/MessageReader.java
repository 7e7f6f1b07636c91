package io.torii.server.frontend.thrift.http;

import io.torii.server.frontend.thrift.IncomingMessage;
import io.torii.server.frontend.thrift.RefusedMessageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads the content of a request as one message. Confined to its executor. */
final class MessageReader {
    private final Request request;
    private final IncomingMessage message;
    private final Executor executor;
    private final CompletableFuture<Void> read = new CompletableFuture<>();

    /** @param message takes what arrives; stays its owner's */
    MessageReader(Request request, IncomingMessage message, Executor executor) {
        this.request = request;
        this.message = message;
        this.executor = executor;
    }

    /** Completes, on the executor, once the message is whole; fails with a {@link Refusal} or if the client is gone. */
    CompletableFuture<Void> read() {
        go();
        return read;
    }

    /** It takes too long. */
    void giveUp(Throwable reason) {
        read.completeExceptionally(reason);
    }

    private void go() {
        while (!read.isDone()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(() -> executor.execute(this::go));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                read.completeExceptionally(chunk.getFailure());
                return;
            }
            take(chunk);
        }
    }

    private void take(Content.Chunk chunk) {
        try {
            if (chunk.hasRemaining()) {
                message.add(chunk.getByteBuffer());
            }
            if (chunk.isLast()) {
                message.end();
                read.complete(null);
            }
        } catch (RefusedMessageException e) {
            read.completeExceptionally(new Refusal(status(e), e.getMessage()));
        } finally {
            chunk.release();
        }
    }

    private static int status(RefusedMessageException refused) {
        return switch (refused.reason()) {
            case MALFORMED -> HttpStatus.BAD_REQUEST_400;
            case TOO_LARGE -> HttpStatus.PAYLOAD_TOO_LARGE_413;
            case NO_ROOM -> HttpStatus.SERVICE_UNAVAILABLE_503;
        };
    }
}
