package io.torii.wire;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A call whose answer is collected. Confined to its event loop. */
final class ClientCall extends ClientExchange {
    private final CompletableFuture<WireReply> answer;
    private final BodyBuffer body;
    private Map<String, String> headers;

    ClientCall(ClientConnection connection, WireCall call, int answerLimit, CompletableFuture<WireReply> answer) {
        super(connection, call);
        this.answer = answer;
        this.body = new BodyBuffer(answerLimit);
    }

    @Override
    void onHead(Map<String, String> received) {
        headers = received;
    }

    @Override
    void onPart(ByteBuf part) {
        if (!body.add(part)) {
            giveUp(new WireException(
                    WireProtocol.TOO_LARGE,
                    "The engine's answer is larger than the " + body.limit() + " bytes allowed"));
        }
    }

    @Override
    void onNothing() {
        // what follows is read unasked
    }

    @Override
    void onEnd() {
        answer.complete(WireReply.received(headers, body.take()));
    }

    @Override
    void onFailure(WireException failure) {
        body.release();
        answer.completeExceptionally(failure);
    }
}
