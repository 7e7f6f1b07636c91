package io.torii.server.frontend.thrift;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;

/**
 * One method of Hive's service.
 *
 * @param <Q> its request
 */
final class Method<Q> {
    private static final short REQUEST_FIELD = 1;

    /** Reads a request that may say more than its generated class understands. */
    interface Reader<Q> {
        Q read(TProtocol in) throws TException;
    }

    private final Reader<Q> reader;
    private final BiFunction<Q, Call, CompletableFuture<Reply>> body;
    private final Function<Throwable, Reply> refusal;

    private Method(
            Reader<Q> reader, BiFunction<Q, Call, CompletableFuture<Reply>> body, Function<Throwable, Reply> refusal) {
        this.reader = reader;
        this.body = body;
        this.refusal = refusal;
    }

    /** @param refusal the response that carries a failure's status */
    static <Q> Method<Q> of(
            Reader<Q> reader,
            Function<TStatus, TBase<?, ?>> refusal,
            BiFunction<Q, Call, CompletableFuture<Reply>> body) {
        return new Method<>(reader, body, failure -> new Reply.Value(refusal.apply(TStatuses.of(failure))));
    }

    /** A method whose response has no room for a failure. */
    static <Q> Method<Q> withoutStatus(Reader<Q> reader, int kind, BiFunction<Q, Call, CompletableFuture<Reply>> body) {
        return new Method<>(
                reader,
                body,
                failure -> new Reply.Failure(kind, TStatuses.problem(failure).getMessage()));
    }

    /** Reads a request as its generated class does. */
    static <Q extends TBase<?, ?>> Reader<Q> generated(Supplier<Q> request) {
        return in -> {
            Q read = request.get();
            read.read(in);
            return read;
        };
    }

    /** Reads the arguments, a structure with the request, and serves it. A request that cannot be read is an exception. */
    CompletableFuture<Reply> call(TProtocol in, Call call) throws TException {
        Q request = request(in);
        CompletableFuture<Reply> reply;
        try {
            reply = body.apply(request, call);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.exceptionally(refusal);
    }

    private Q request(TProtocol in) throws TException {
        Q request = null;
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            if (field.id == REQUEST_FIELD && field.type == TType.STRUCT && request == null) {
                request = reader.read(in);
            } else {
                TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        if (request == null) {
            throw new TProtocolException(TProtocolException.INVALID_DATA, "The request is missing");
        }
        return request;
    }
}
