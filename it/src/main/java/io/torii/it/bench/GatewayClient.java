package io.torii.it.bench;

import io.torii.it.RawClient;
import java.util.Map;
import javax.security.sasl.SaslException;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TException;

/** Speaks to the gateway with the generated Thrift client: the same calls in the same order as {@link DirectClient}. */
final class GatewayClient implements Client {
    private final RawClient client;
    private TSessionHandle session;

    GatewayClient(int port) throws TException, SaslException {
        this.client = RawClient.connect(port, "bench", "x");
    }

    @Override
    public String name() {
        return "through the gateway";
    }

    @Override
    public void open() throws TException {
        session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
    }

    @Override
    public long query(String sql, int fetchSize) throws TException {
        TOperationHandle operation = client.execute(session, sql);
        TGetOperationStatusResp end = client.end(operation);
        if (end.getOperationState() != TOperationState.FINISHED_STATE) {
            throw new IllegalStateException(end.getErrorMessage());
        }
        client.service().GetResultSetMetadata(new TGetResultSetMetadataReq(operation));
        long rows = 0;
        long page;
        do {
            page = Rows.in(client.fetch(operation, fetchSize));
            rows += page;
        } while (page > 0);
        client.close(operation);
        return rows;
    }

    @Override
    public void closeSession() throws TException {
        client.service().CloseSession(new TCloseSessionReq(session));
    }

    @Override
    public void close() {
        client.close();
    }
}
