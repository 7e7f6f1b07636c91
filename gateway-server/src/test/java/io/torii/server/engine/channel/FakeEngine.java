package io.torii.server.engine.channel;

import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireException;
import io.torii.wire.WireHandler;
import io.torii.wire.WireReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.thrift.TBase;

/** An engine that records its calls and answers each method as the test has said. */
final class FakeEngine implements WireHandler {
    static final String SECRET = "the-secret";

    private final Map<String, Function<WireCall, CompletionStage<WireReply>>> answers = new ConcurrentHashMap<>();
    private final List<WireCall> calls = new CopyOnWriteArrayList<>();

    void answers(String method, TBase<?, ?> struct) {
        answers(method, WireReply.of(ThriftCodec.encode(struct)));
    }

    void answers(String method, WireReply reply) {
        answers.put(method, call -> CompletableFuture.completedFuture(reply));
    }

    void answersLater(String method, CompletableFuture<WireReply> reply) {
        answers.put(method, call -> reply);
    }

    void refuses(String method, int status, String sentence) {
        answers.put(method, call -> CompletableFuture.failedFuture(new WireException(status, sentence)));
    }

    WireCall lastCall() {
        return calls.get(calls.size() - 1);
    }

    <T extends TBase<?, ?>> T lastRequest(T empty) {
        return ThriftCodec.decode(lastCall().body(), empty);
    }

    @Override
    public CompletionStage<WireReply> handle(WireCall call) {
        calls.add(call);
        return answers.get(call.method()).apply(call);
    }
}
