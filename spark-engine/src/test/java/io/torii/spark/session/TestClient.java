package io.torii.spark.session;

import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.hive.service.rpc.thrift.TCancelOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.THandleIdentifier;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TBase;

/** A gateway's side of the calls, for tests: over a real wire, or straight into the handler. */
public final class TestClient {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final THandleIdentifier NO_HANDLE =
            new THandleIdentifier(java.nio.ByteBuffer.wrap(new byte[16]), java.nio.ByteBuffer.wrap(new byte[16]));

    private final Function<WireCall, CompletableFuture<WireReply>> wire;
    private final String user;
    private final TProtocolVersion protocol;

    public TestClient(Function<WireCall, CompletableFuture<WireReply>> wire, String user, TProtocolVersion protocol) {
        this.wire = wire;
        this.user = user;
        this.protocol = protocol;
    }

    public String open() {
        return open(Collections.emptyMap());
    }

    public String open(Map<String, String> configuration) {
        String session = UUID.randomUUID().toString();
        TOpenSessionResp answer = openAs(session, configuration);
        if (answer.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new AssertionError(answer.getStatus());
        }
        return session;
    }

    public TOpenSessionResp openAs(String session, Map<String, String> configuration) {
        return ThriftCodec.decode(get(opening(session, configuration)).body(), new TOpenSessionResp());
    }

    public CompletableFuture<WireReply> opening(String session, Map<String, String> configuration) {
        TOpenSessionReq request = new TOpenSessionReq(protocol);
        request.setUsername(user);
        request.setConfiguration(configuration);
        return call("OpenSession", session, null, request);
    }

    public void close(String session) {
        get(call("CloseSession", session, null, new TCloseSessionReq(new TSessionHandle(NO_HANDLE))));
    }

    public String execute(String session, String sql) {
        return execute(session, sql, Collections.emptyMap(), 0);
    }

    public String execute(String session, String sql, Map<String, String> overlay, long timeoutSeconds) {
        String statement = UUID.randomUUID().toString();
        executeAs(session, statement, sql, overlay, timeoutSeconds);
        return statement;
    }

    public void executeAs(
            String session, String statement, String sql, Map<String, String> overlay, long timeoutSeconds) {
        TExecuteStatementReq request = new TExecuteStatementReq(new TSessionHandle(NO_HANDLE), sql);
        request.setRunAsync(true);
        request.setConfOverlay(overlay);
        request.setQueryTimeout(timeoutSeconds);
        get(call("ExecuteStatement", session, statement, request));
    }

    /** Any call with a statement. */
    public WireReply ask(String method, String session, String statement, TBase<?, ?> request) {
        return get(call(method, session, statement, request));
    }

    /** The status once it has ended; what it tells of the session's journal is stored. */
    public Status end(String session, String statement) {
        Status status = told(session, statement);
        if (!status.lines().isEmpty()) {
            String stored = String.join(",", status.lines().keySet());
            get(wire.apply(WireCall.of("JournalStored", new byte[0])
                    .with(WireProtocol.USER, HeaderText.encode(user))
                    .with(WireProtocol.SESSION, session)
                    .with(WireProtocol.JOURNAL, stored)));
        }
        return status;
    }

    /** The status once it has ended, which does not get any further. */
    public Status told(String session, String statement) {
        while (true) {
            Status status = get(poll(session, statement, Duration.ofSeconds(20)));
            switch (status.answer.getOperationState()) {
                case PENDING_STATE:
                case RUNNING_STATE:
                    continue;
                default:
                    return status;
            }
        }
    }

    /** The status once jobs or tasks have started, or it has ended. */
    public Status running(String session, String statement) {
        while (true) {
            Status status = get(poll(session, statement, Duration.ofMillis(20)));
            boolean busy = status.answer.isSetProgressUpdateResponse()
                    && status.answer.getProgressUpdateResponse().getRows().stream()
                            .anyMatch(row -> !row.get(5).equals("0"));
            if (busy || status.answer.isSetOperationCompleted()) {
                return status;
            }
        }
    }

    public CompletableFuture<Status> poll(String session, String statement, Duration wait) {
        TGetOperationStatusReq request = new TGetOperationStatusReq(operation());
        request.setGetProgressUpdate(true);
        WireCall call = wireCall("GetOperationStatus", session, statement, request)
                .with(WireProtocol.WAIT_MILLIS, Long.toString(wait.toMillis()));
        return wire.apply(call).thenApply(Status::new);
    }

    public void cancel(String session, String statement) {
        get(call("CancelOperation", session, statement, new TCancelOperationReq(operation())));
    }

    public void closeStatement(String session, String statement) {
        get(call("CloseOperation", session, statement, new TCloseOperationReq(operation())));
    }

    public TFetchResultsResp fetch(String session, String statement, TFetchOrientation orientation, int type) {
        TFetchResultsReq request = new TFetchResultsReq(operation(), orientation, 1000);
        request.setFetchType((short) type);
        return ThriftCodec.decode(
                get(call("FetchResults", session, statement, request)).body(), new TFetchResultsResp());
    }

    public TGetResultSetMetadataResp schema(String session, String statement) {
        TGetResultSetMetadataReq request = new TGetResultSetMetadataReq(operation());
        return ThriftCodec.decode(
                get(call("GetResultSetMetadata", session, statement, request)).body(), new TGetResultSetMetadataResp());
    }

    public List<String> log(String session, String statement) {
        return strings(fetch(session, statement, TFetchOrientation.FETCH_FIRST, 1));
    }

    /** Runs to a good end, and returns the first page, each row's values joined by commas. */
    public List<String> rows(String session, String sql) {
        String statement = execute(session, sql);
        Status status = end(session, statement);
        if (!status.state().equals("FINISHED_STATE")) {
            throw new AssertionError(sql + ": " + status.answer);
        }
        List<String> rows = strings(fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0));
        closeStatement(session, statement);
        return rows;
    }

    /** Runs to its end. */
    public Status run(String session, String sql) {
        return end(session, execute(session, sql));
    }

    public static List<String> strings(TFetchResultsResp page) {
        if (page.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new AssertionError(page.getStatus());
        }
        List<String> rows = new ArrayList<>();
        List<TColumn> columns = page.getResults().getColumns();
        if (columns == null) {
            page.getResults()
                    .getRows()
                    .forEach(row ->
                            rows.add(row.getColVals().get(0).getStringVal().getValue()));
            return rows;
        }
        for (TColumn column : columns) {
            List<?> values = values(column);
            for (int i = 0; i < values.size(); i++) {
                if (rows.size() <= i) {
                    rows.add(String.valueOf(values.get(i)));
                } else {
                    rows.set(i, rows.get(i) + "," + values.get(i));
                }
            }
        }
        return rows;
    }

    private static List<?> values(TColumn column) {
        switch (column.getSetField()) {
            case STRING_VAL:
                return column.getStringVal().getValues();
            case I32_VAL:
                return column.getI32Val().getValues();
            case I64_VAL:
                return column.getI64Val().getValues();
            case BOOL_VAL:
                return column.getBoolVal().getValues();
            default:
                throw new AssertionError(column);
        }
    }

    private CompletableFuture<WireReply> call(String method, String session, String statement, TBase<?, ?> request) {
        return wire.apply(wireCall(method, session, statement, request));
    }

    private WireCall wireCall(String method, String session, String statement, TBase<?, ?> request) {
        WireCall call =
                WireCall.of(method, ThriftCodec.encode(request)).with(WireProtocol.USER, HeaderText.encode(user));
        call = session == null ? call : call.with(WireProtocol.SESSION, session);
        return statement == null ? call : call.with(WireProtocol.STATEMENT, statement);
    }

    static THandleIdentifier noHandle() {
        return NO_HANDLE;
    }

    private static TOperationHandle operation() {
        return new TOperationHandle(NO_HANDLE, TOperationType.EXECUTE_STATEMENT, true);
    }

    /** The value, or what the future failed with if that is unchecked. */
    public static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof CompletionException ? e.getCause().getCause() : e.getCause();
            if (cause instanceof RuntimeException) {
                throw (RuntimeException) cause;
            }
            throw new AssertionError(cause);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT, e);
        }
    }

    /** An answer to GetOperationStatus, with its headers. */
    public static final class Status {
        final TGetOperationStatusResp answer;
        final WireReply reply;

        Status(WireReply reply) {
            this.reply = reply;
            this.answer = ThriftCodec.decode(reply.body(), new TGetOperationStatusResp());
        }

        public String state() {
            return answer.getOperationState().name();
        }

        public String sqlState() {
            return answer.getSqlState();
        }

        public String message() {
            return answer.getErrorMessage();
        }

        /** The one line of the session's journal that it tells, or null. */
        public String journal() {
            if (lines().size() > 1) {
                throw new AssertionError(lines());
            }
            return lines().values().stream().findFirst().orElse(null);
        }

        /** Lines of the session's journal, by their statements. */
        public Map<String, String> lines() {
            Map<String, String> lines = new LinkedHashMap<>();
            reply.header(WireProtocol.JOURNAL).ifPresent(told -> {
                for (String line : told.split(",")) {
                    lines.put(line.split(":")[0], HeaderText.decode(line.split(":")[1]));
                }
            });
            return lines;
        }

        public String pinned() {
            return reply.header(WireProtocol.PINNED).map(HeaderText::decode).orElse(null);
        }
    }
}
