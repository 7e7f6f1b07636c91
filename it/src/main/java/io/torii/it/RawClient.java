package io.torii.it;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.SaslException;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TSaslClientTransport;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;

/** The generated client itself, for what no driver does: old handles, somebody else's handles, odd versions. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final TTransport transport;
    private final TCLIService.Client service;

    private RawClient(TTransport transport) {
        this.transport = transport;
        this.service = new TCLIService.Client(new TBinaryProtocol(transport));
    }

    /** Connects by SASL PLAIN. */
    public static RawClient connect(int port, String user, String password) throws TException, SaslException {
        TTransport socket = new TSocket("127.0.0.1", port, TIMEOUT_MILLIS);
        TTransport transport = new TSaslClientTransport(
                "PLAIN", null, null, null, Map.of(), callbacks -> answer(callbacks, user, password), socket);
        try {
            transport.open();
        } catch (TException refused) {
            socket.close();
            throw refused;
        }
        return new RawClient(transport);
    }

    /** As above, over HTTP; no request is ever sent a second time. */
    public static RawClient overHttp(int port, String user, String password) throws TException {
        return new RawClient(new HttpTransport(port, user, password));
    }

    private static void answer(Callback[] callbacks, String user, String password) {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback word) {
                word.setPassword(password.toCharArray());
            }
        }
    }

    public TCLIService.Client service() {
        return service;
    }

    public TSessionHandle open(TProtocolVersion version, Map<String, String> settings) throws TException {
        TOpenSessionReq request = new TOpenSessionReq(version);
        request.setConfiguration(settings);
        TOpenSessionResp response = service.OpenSession(request);
        if (response.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new IllegalStateException(response.getStatus().getErrorMessage());
        }
        return response.getSessionHandle();
    }

    public TOperationHandle execute(TSessionHandle session, String sql) throws TException {
        TExecuteStatementReq request = new TExecuteStatementReq(session, sql);
        request.setRunAsync(true);
        TExecuteStatementResp response = service.ExecuteStatement(request);
        if (response.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new IllegalStateException(response.getStatus().getErrorMessage());
        }
        return response.getOperationHandle();
    }

    /** Asks until the statement has ended. */
    public TGetOperationStatusResp end(TOperationHandle operation) throws TException {
        long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (System.nanoTime() < limit) {
            TGetOperationStatusResp status = service.GetOperationStatus(new TGetOperationStatusReq(operation));
            TOperationState state = status.getOperationState();
            if (status.getStatus().getStatusCode() == TStatusCode.ERROR_STATUS
                    || (state != TOperationState.RUNNING_STATE
                            && state != TOperationState.PENDING_STATE
                            && state != TOperationState.INITIALIZED_STATE)) {
                return status;
            }
        }
        throw new IllegalStateException("the statement has not ended");
    }

    public TFetchResultsResp fetch(TOperationHandle operation, long maxRows) throws TException {
        return fetch(operation, TFetchOrientation.FETCH_NEXT, maxRows);
    }

    public TFetchResultsResp fetch(TOperationHandle operation, TFetchOrientation orientation, long maxRows)
            throws TException {
        return service.FetchResults(new TFetchResultsReq(operation, orientation, maxRows));
    }

    public void close(TOperationHandle operation) throws TException {
        service.CloseOperation(new TCloseOperationReq(operation));
    }

    @Override
    public void close() {
        transport.close();
    }
}
