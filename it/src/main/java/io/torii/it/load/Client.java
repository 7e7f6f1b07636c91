package io.torii.it.load;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** One client with one session. One call at a time. */
final class Client implements AutoCloseable {
    private static final List<TOperationState> UNDER_WAY =
            List.of(TOperationState.INITIALIZED_STATE, TOperationState.PENDING_STATE, TOperationState.RUNNING_STATE);

    private final Calls calls;
    private final TSessionHandle session;

    private Client(Calls calls, TSessionHandle session) {
        this.calls = calls;
        this.session = session;
    }

    /** Opens a session; fails with what the gateway says if it refuses. */
    static CompletableFuture<Client> open(Calls calls) {
        TOpenSessionReq request = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        request.setConfiguration(Map.of());
        return call(
                        calls,
                        "OpenSession",
                        new TCLIService.OpenSession_args(request),
                        new TCLIService.OpenSession_result())
                .thenApply(result -> {
                    require(result.getSuccess().getStatus());
                    return new Client(calls, result.getSuccess().getSessionHandle());
                });
    }

    /** Submits a statement. */
    CompletableFuture<TOperationHandle> submit(String sql) {
        TExecuteStatementReq request = new TExecuteStatementReq(session, sql);
        request.setRunAsync(true);
        return call(
                        calls,
                        "ExecuteStatement",
                        new TCLIService.ExecuteStatement_args(request),
                        new TCLIService.ExecuteStatement_result())
                .thenApply(result -> {
                    require(result.getSuccess().getStatus());
                    return result.getSuccess().getOperationHandle();
                });
    }

    /** Asks, held open by the gateway as long as it does, whether the statement is still under way. */
    CompletableFuture<Boolean> isUnderWay(TOperationHandle statement) {
        return call(
                        calls,
                        "GetOperationStatus",
                        new TCLIService.GetOperationStatus_args(new TGetOperationStatusReq(statement)),
                        new TCLIService.GetOperationStatus_result())
                .thenApply(result -> {
                    require(result.getSuccess().getStatus());
                    return UNDER_WAY.contains(result.getSuccess().getOperationState());
                });
    }

    CompletableFuture<Void> end() {
        return call(
                        calls,
                        "CloseSession",
                        new TCLIService.CloseSession_args(new TCloseSessionReq(session)),
                        new TCLIService.CloseSession_result())
                .thenAccept(result -> require(result.getSuccess().getStatus()));
    }

    @Override
    public void close() {
        calls.close();
    }

    private static <T extends TBase<?, ?>> CompletableFuture<T> call(
            Calls calls, String method, TBase<?, ?> arguments, T result) {
        try {
            TMemoryBuffer buffer = new TMemoryBuffer(256);
            TBinaryProtocol protocol = new TBinaryProtocol(buffer);
            protocol.writeMessageBegin(new TMessage(method, TMessageType.CALL, 1));
            arguments.write(protocol);
            protocol.writeMessageEnd();
            byte[] message = new byte[buffer.length()];
            System.arraycopy(buffer.getArray(), 0, message, 0, message.length);
            return calls.call(message).thenApply(answer -> read(answer, result));
        } catch (TException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T extends TBase<?, ?>> T read(byte[] answer, T result) {
        try {
            TBinaryProtocol protocol = new TBinaryProtocol(new TMemoryInputTransport(answer));
            if (protocol.readMessageBegin().type != TMessageType.REPLY) {
                throw new IllegalStateException("the gateway answers with an exception");
            }
            result.read(protocol);
            return result;
        } catch (TException broken) {
            throw new IllegalStateException("the answer cannot be read", broken);
        }
    }

    private static void require(TStatus status) {
        if (status.getStatusCode() == TStatusCode.ERROR_STATUS) {
            throw new IllegalStateException(status.getErrorMessage());
        }
    }
}
