package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.Body;
import io.torii.server.session.Caller;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.StatementRequest;
import io.torii.server.session.Statements;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.hive.service.rpc.thrift.TCancelOperationReq;
import org.apache.hive.service.rpc.thrift.TCancelOperationResp;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseOperationResp;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetQueryIdReq;
import org.apache.hive.service.rpc.thrift.TGetQueryIdResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;

/** Statements: submitting them, waiting for them, fetching what they yield. Thread-safe. */
final class StatementCalls {
    private static final short ROWS = 0;
    private static final short LOG = 1;
    private static final long LONGEST_TIMEOUT_SECONDS = Duration.ofDays(3650).toSeconds();

    private final Statements statements;
    private final StatementEnd end;
    private final Duration poll;

    /** @param poll how long a status request is held open at most */
    StatementCalls(Statements statements, Duration poll) {
        this.statements = statements;
        this.end = new StatementEnd(statements);
        this.poll = poll;
    }

    void addTo(Map<String, Method<?>> methods) {
        methods.put(
                "ExecuteStatement",
                Method.of(
                        Method.generated(TExecuteStatementReq::new),
                        status -> new TExecuteStatementResp(status),
                        this::execute));
        methods.put(
                "GetOperationStatus",
                Method.of(
                        Method.generated(TGetOperationStatusReq::new),
                        status -> new TGetOperationStatusResp(status),
                        this::status));
        methods.put(
                "CancelOperation",
                Method.of(
                        Method.generated(TCancelOperationReq::new),
                        status -> new TCancelOperationResp(status),
                        (request, call) -> with(request.getOperationHandle(), call, statements::cancel)
                                .thenApply(done -> new Reply.Value(new TCancelOperationResp(TStatuses.success())))));
        methods.put(
                "CloseOperation",
                Method.of(
                        Method.generated(TCloseOperationReq::new),
                        status -> new TCloseOperationResp(status),
                        (request, call) -> with(request.getOperationHandle(), call, statements::close)
                                .thenApply(done -> new Reply.Value(new TCloseOperationResp(TStatuses.success())))));
        methods.put(
                "GetResultSetMetadata",
                Method.of(
                        Method.generated(TGetResultSetMetadataReq::new),
                        status -> new TGetResultSetMetadataResp(status),
                        (request, call) -> relay(
                                with(request.getOperationHandle(), call, statements::schema),
                                status -> new TGetResultSetMetadataResp(status))));
        methods.put(
                "FetchResults",
                Method.of(
                        Method.generated(TFetchResultsReq::new), status -> new TFetchResultsResp(status), this::fetch));
        methods.put(
                "GetQueryId",
                Method.withoutStatus(
                        Method.generated(TGetQueryIdReq::new),
                        TApplicationException.INTERNAL_ERROR,
                        (request, call) -> with(
                                        request.getOperationHandle(),
                                        call,
                                        (id, caller) -> statements.status(id, caller, Duration.ZERO))
                                .thenApply(known -> new Reply.Value(
                                        new TGetQueryIdResp(Handles.statement(request.getOperationHandle())
                                                .toString())))));
    }

    private CompletableFuture<Reply> execute(TExecuteStatementReq request, Call call) {
        SessionId session = Handles.session(request.getSessionHandle());
        StatementRequest statement = new StatementRequest(
                request.getStatement(),
                request.isSetConfOverlay() ? request.getConfOverlay() : Map.of(),
                timeout(request.getQueryTimeout()));
        return call.client().versionOf(session).thenCompose(version -> {
            Caller caller = call.client().callerOf(session);
            CompletableFuture<StatementId> submission =
                    call.delivery().submit(session, statement, () -> statements.submit(session, caller, statement));
            return submission.thenCompose(id -> {
                if (request.isRunAsync()) {
                    boolean rows = ResultExpectation.of(statement.sql());
                    return CompletableFuture.completedFuture(submitted(id, rows, call));
                }
                return end.of(id, caller, call)
                        .thenApply(ended -> submitted(id, ended.hasResultSet(), call))
                        .whenComplete((answer, failure) -> {
                            if (failure != null) {
                                call.delivery().failed();
                            }
                        });
            });
        });
    }

    private Reply submitted(StatementId id, boolean hasResultSet, Call call) {
        call.whenAnswered(() -> statements.handedOver(id));
        TExecuteStatementResp response = new TExecuteStatementResp(TStatuses.success());
        response.setOperationHandle(Handles.of(id, TOperationType.EXECUTE_STATEMENT, hasResultSet));
        return new Reply.Value(response);
    }

    private static Optional<Duration> timeout(long seconds) {
        return seconds > 0
                ? Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_TIMEOUT_SECONDS)))
                : Optional.empty();
    }

    private CompletableFuture<Reply> status(TGetOperationStatusReq request, Call call) {
        StatementId id = Handles.statement(request.getOperationHandle());
        return call.client().versionOf(id.session()).thenCompose(version -> {
            Caller caller = call.client().callerOf(id.session());
            CompletableFuture<StatementStatus> status = call.waitFor(statements.status(id, caller, poll));
            return status.thenApply(
                    known -> new Reply.Value(OperationStatus.of(known, version, request.isGetProgressUpdate())));
        });
    }

    private CompletableFuture<Reply> fetch(TFetchResultsReq request, Call call) {
        FetchRequest page = new FetchRequest(
                content(request.getFetchType()), orientation(request.getOrientation()), request.getMaxRows());
        return relay(
                with(request.getOperationHandle(), call, (id, caller) -> call.delivery()
                        .fetch(id, page, () -> statements.fetch(id, caller, page))),
                status -> new TFetchResultsResp(status));
    }

    private static Content content(short type) {
        return switch (type) {
            case ROWS -> Content.ROWS;
            case LOG -> Content.LOG;
            default ->
                throw new GatewayException(
                        ErrorCode.NOT_SUPPORTED, "There is no fetch type " + type + ", expected 0 (rows) or 1 (log)");
        };
    }

    private static Orientation orientation(TFetchOrientation orientation) {
        return switch (orientation) {
            case FETCH_NEXT -> Orientation.NEXT;
            case FETCH_PRIOR -> Orientation.PRIOR;
            case FETCH_FIRST -> Orientation.FIRST;
            case FETCH_RELATIVE, FETCH_ABSOLUTE, FETCH_LAST ->
                throw new GatewayException(
                        ErrorCode.NOT_SUPPORTED,
                        orientation + " is not supported, expected FETCH_NEXT, FETCH_PRIOR or FETCH_FIRST");
        };
    }

    private static CompletableFuture<Reply> relay(
            CompletableFuture<Body> body, Function<TStatus, TBase<?, ?>> refusal) {
        return body.thenApply(bytes -> new Reply.Relay(bytes, refusal));
    }

    /** What a call does with a statement. */
    private interface Use<T> {
        CompletableFuture<T> of(StatementId id, Caller caller);
    }

    private static <T> CompletableFuture<T> with(TOperationHandle handle, Call call, Use<T> use) {
        StatementId id = Handles.statement(handle);
        return call.client()
                .versionOf(id.session())
                .thenCompose(version -> use.of(id, call.client().callerOf(id.session())));
    }
}
