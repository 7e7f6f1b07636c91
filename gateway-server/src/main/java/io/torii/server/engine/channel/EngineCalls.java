package io.torii.server.engine.channel;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.JournalLine;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TCancelOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.THandleIdentifier;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TBase;

/** What the gateway asks of engines, as calls of the wire. */
final class EngineCalls {
    private static final String USE_DATABASE = "use:database";
    private static final String JOURNAL = "torii:journal:";
    private static final int ID_BYTES = 16;

    /** How long an answer to a submission may wait for the statement's end; who wants to cancel waits as long. */
    private static final Duration EARLY = Duration.ofMillis(100);

    private EngineCalls() {}

    static WireCall openSession(EngineSession session) {
        Map<String, String> configuration = new HashMap<>(session.settings());
        if (!session.database().isEmpty()) {
            configuration.put(USE_DATABASE, session.database());
        }
        List<String> journal = session.journal();
        for (int line = 0; line < journal.size(); line++) {
            configuration.put(JOURNAL + line, journal.get(line));
        }
        TOpenSessionReq request = new TOpenSessionReq(protocol(session.protocolVersion()));
        request.setUsername(session.user());
        request.setConfiguration(configuration);
        return call("OpenSession", session.id(), request).with(WireProtocol.USER, HeaderText.encode(session.user()));
    }

    static WireCall closeSession(SessionId session) {
        return call("CloseSession", session, new TCloseSessionReq(handle(session)));
    }

    /**
     * @param knowing the gateway that knows whether the client gets the handle
     * @param arrived whether the client has it already
     */
    static WireCall execute(StatementId id, StatementRequest statement, String knowing, boolean arrived) {
        TExecuteStatementReq request = new TExecuteStatementReq(handle(id.session()), statement.sql());
        request.setConfOverlay(statement.overlay());
        request.setRunAsync(true);
        statement.timeout().ifPresent(timeout -> request.setQueryTimeout(seconds(timeout)));
        WireCall submission = submission(call("ExecuteStatement", id, request)).with(WireProtocol.GATEWAY, knowing);
        return arrived ? submission.with(WireProtocol.HANDLE, WireProtocol.HANDLE_ARRIVED) : submission;
    }

    static WireCall handedOver(StatementId id) {
        return call("HandleDelivered", id);
    }

    static WireCall query(StatementId id, MetadataQuery query) {
        MetadataCalls.Request request = MetadataCalls.request(handle(id.session()), query);
        return submission(call(request.method(), id, request.struct()));
    }

    private static WireCall submission(WireCall call) {
        return call.with(WireProtocol.WAIT_MILLIS, Long.toString(EARLY.toMillis()));
    }

    static WireCall status(StatementId id, Duration wait, String gateway) {
        TGetOperationStatusReq request = new TGetOperationStatusReq(handle(id));
        request.setGetProgressUpdate(true);
        long millis = Math.max(0, wait.toMillis());
        return call("GetOperationStatus", id, request)
                .with(WireProtocol.GATEWAY, gateway)
                .with(WireProtocol.WAIT_MILLIS, Long.toString(millis));
    }

    static WireCall schema(StatementId id) {
        return call("GetResultSetMetadata", id, new TGetResultSetMetadataReq(handle(id)));
    }

    static WireCall fetch(StatementId id, FetchRequest fetch, String gateway) {
        TFetchOrientation orientation =
                switch (fetch.orientation()) {
                    case NEXT -> TFetchOrientation.FETCH_NEXT;
                    case PRIOR -> TFetchOrientation.FETCH_PRIOR;
                    case FIRST -> TFetchOrientation.FETCH_FIRST;
                };
        TFetchResultsReq request = new TFetchResultsReq(handle(id), orientation, fetch.maxRows());
        request.setFetchType((short) (fetch.content() == Content.LOG ? 1 : 0));
        return call("FetchResults", id, request).with(WireProtocol.GATEWAY, gateway);
    }

    static WireCall fetchAhead(StatementId id, long row, long maxRows) {
        TFetchResultsReq request = new TFetchResultsReq(handle(id), TFetchOrientation.FETCH_NEXT, maxRows);
        return call("FetchResults", id, request).with(WireProtocol.ROW, Long.toString(row));
    }

    static WireCall take(StatementId id, long row, long rows, String gateway) {
        return call("TakePage", id)
                .with(WireProtocol.GATEWAY, gateway)
                .with(WireProtocol.ROW, Long.toString(row))
                .with(WireProtocol.ROWS, Long.toString(rows));
    }

    static WireCall delivered(StatementId id, long row, String gateway) {
        return call("PageDelivered", id).with(WireProtocol.GATEWAY, gateway).with(WireProtocol.ROW, Long.toString(row));
    }

    static WireCall journalStored(SessionId session, List<JournalLine> lines) {
        return WireCall.of("JournalStored", new byte[0])
                .with(WireProtocol.SESSION, session.toString())
                .with(
                        WireProtocol.JOURNAL,
                        lines.stream().map(line -> line.statement().toString()).collect(Collectors.joining(",")));
    }

    static WireCall cancel(StatementId id) {
        return call("CancelOperation", id, new TCancelOperationReq(handle(id)));
    }

    static WireCall close(StatementId id) {
        return call("CloseOperation", id, new TCloseOperationReq(handle(id)));
    }

    private static WireCall call(String method, SessionId session, TBase<?, ?> request) {
        return WireCall.of(method, ThriftCodec.encode(request)).with(WireProtocol.SESSION, session.toString());
    }

    private static WireCall call(String method, StatementId id) {
        return WireCall.of(method, new byte[0])
                .with(WireProtocol.SESSION, id.session().toString())
                .with(WireProtocol.STATEMENT, id.toString());
    }

    private static WireCall call(String method, StatementId id, TBase<?, ?> request) {
        return call(method, id.session(), request).with(WireProtocol.STATEMENT, id.toString());
    }

    private static TSessionHandle handle(SessionId session) {
        return new TSessionHandle(identifier(session.value(), session.value()));
    }

    private static TOperationHandle handle(StatementId id) {
        return new TOperationHandle(
                identifier(id.value(), id.session().value()), TOperationType.EXECUTE_STATEMENT, true);
    }

    private static THandleIdentifier identifier(UUID guid, UUID secret) {
        return new THandleIdentifier(bytes(guid), bytes(secret));
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    private static TProtocolVersion protocol(int version) {
        TProtocolVersion known = TProtocolVersion.findByValue(version);
        if (known == null) {
            throw new IllegalArgumentException("protocol version: " + version + " (expected: 0 to 10)");
        }
        return known;
    }

    /** Whole seconds; a part of one is one more, for zero would mean no limit. */
    private static long seconds(Duration timeout) {
        return timeout.toSeconds() + (timeout.getNano() > 0 ? 1 : 0);
    }
}
