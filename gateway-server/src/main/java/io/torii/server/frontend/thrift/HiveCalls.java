package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.torii.server.session.Sessions;
import io.torii.server.session.Statements;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessageType;

/** Hive's service, whatever carries its messages. Thread-safe. */
final class HiveCalls {
    private final Map<String, Method<?>> methods = new HashMap<>();
    private final ThriftLimits limits;

    HiveCalls(ThriftLimits limits, String engineVersion, int fetchSize, Sessions sessions, Statements statements) {
        this.limits = limits;
        new SessionCalls(sessions, new DatabaseInfo(engineVersion), fetchSize).addTo(methods);
        new StatementCalls(statements, limits.poll()).addTo(methods);
        new MetadataCalls(statements).addTo(methods);
    }

    /** Takes the message over. The future does not fail for what a client can do. */
    CompletableFuture<Reply> answer(Inbound.Message message, Call call) {
        MessageHeader header = message.header();
        ByteBuf arguments = message.arguments();
        try {
            if (header.type() != TMessageType.CALL) {
                return failure(
                        TApplicationException.INVALID_MESSAGE_TYPE, "Expected a call, but got type " + header.type());
            }
            Method<?> method = methods.get(header.name());
            if (method == null) {
                return failure(TApplicationException.UNKNOWN_METHOD, "Invalid method name: '" + header.name() + "'");
            }
            return method.call(
                    new TBinaryProtocol(new ByteBufTransport(arguments), limits.messageBytes(), limits.entries()),
                    call);
        } catch (TException | RuntimeException e) {
            return failure(
                    TApplicationException.PROTOCOL_ERROR,
                    "The arguments of " + header.name() + " cannot be read: " + problem(e));
        } finally {
            arguments.release();
        }
    }

    /** Thrift adds the whole struct, the secret of a handle included. */
    private static String problem(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("(?s) ?Struct:.*", "");
    }

    private static CompletableFuture<Reply> failure(int kind, String message) {
        return CompletableFuture.completedFuture(new Reply.Failure(kind, message));
    }
}
