package io.torii.server.frontend.thrift.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TCancelOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetInfoReq;
import org.apache.hive.service.rpc.thrift.TGetInfoType;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.THandleIdentifier;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TSetClientInfoReq;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TMemoryBuffer;

/** A conversation as Hive's drivers lead it, each request a whole message. */
public final class ValidRequests {
    /** The session and the statement that the requests are about. */
    public static final UUID SESSION = new UUID(1, 2);

    public static final UUID STATEMENT = new UUID(3, 4);

    private static final List<byte[]> ALL = make();

    private ValidRequests() {}

    /** Small ones, and one of more than 64 KiB as the last. Not to be changed. */
    public static List<byte[]> all() {
        return ALL;
    }

    private static List<byte[]> make() {
        TSessionHandle session = new TSessionHandle(identifier(SESSION, SESSION));
        TOperationHandle statement =
                new TOperationHandle(identifier(STATEMENT, SESSION), TOperationType.EXECUTE_STATEMENT, true);
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        open.setUsername("alice");
        open.setPassword("secret");
        open.setConfiguration(Map.of("use:database", "default", "spark.sql.shuffle.partitions", "8"));
        TExecuteStatementReq execute = new TExecuteStatementReq(session, "SELECT 'ü', 1");
        execute.setConfOverlay(Map.of("a", "b"));
        execute.setRunAsync(true);
        TGetTablesReq tables = new TGetTablesReq(session);
        tables.setSchemaName("%");
        tables.setTableTypes(List.of("TABLE", "VIEW"));
        TGetColumnsReq columns = new TGetColumnsReq(session);
        columns.setTableName("t");
        TSetClientInfoReq info = new TSetClientInfoReq(session);
        info.setConfiguration(Map.of("ApplicationName", "x"));
        return List.of(
                call("OpenSession", new TCLIService.OpenSession_args(open)),
                call("GetInfo", new TCLIService.GetInfo_args(new TGetInfoReq(session, TGetInfoType.CLI_DBMS_NAME))),
                call("SetClientInfo", new TCLIService.SetClientInfo_args(info)),
                call("ExecuteStatement", new TCLIService.ExecuteStatement_args(execute)),
                call("GetTables", new TCLIService.GetTables_args(tables)),
                call("GetColumns", new TCLIService.GetColumns_args(columns)),
                call(
                        "GetOperationStatus",
                        new TCLIService.GetOperationStatus_args(new TGetOperationStatusReq(statement))),
                call(
                        "GetResultSetMetadata",
                        new TCLIService.GetResultSetMetadata_args(new TGetResultSetMetadataReq(statement))),
                call(
                        "FetchResults",
                        new TCLIService.FetchResults_args(
                                new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 1_000))),
                call("CancelOperation", new TCLIService.CancelOperation_args(new TCancelOperationReq(statement))),
                call("CloseOperation", new TCLIService.CloseOperation_args(new TCloseOperationReq(statement))),
                call(
                        "ExecuteStatement",
                        new TCLIService.ExecuteStatement_args(
                                new TExecuteStatementReq(session, "-- long\n".repeat(9_000) + "SELECT 1"))));
    }

    /** A request as a message. */
    public static byte[] call(String name, TBase<?, ?> arguments) {
        try {
            TMemoryBuffer out = new TMemoryBuffer(256);
            TBinaryProtocol protocol = new TBinaryProtocol(out);
            protocol.writeMessageBegin(new TMessage(name, TMessageType.CALL, 7));
            arguments.write(protocol);
            return Arrays.copyOf(out.getArray(), out.length());
        } catch (TException e) {
            throw new IllegalStateException(e);
        }
    }

    private static THandleIdentifier identifier(UUID guid, UUID secret) {
        return new THandleIdentifier(bytes(guid), bytes(secret));
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    static byte[] join(List<byte[]> parts) {
        ByteBuffer whole =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(whole::put);
        return whole.array();
    }

    static List<Integer> indexes() {
        return IntStream.range(0, ALL.size()).boxed().toList();
    }
}
