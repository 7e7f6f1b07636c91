package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.Body;
import io.torii.server.session.Caller;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import io.torii.server.session.Statements;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TColumnDesc;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TPrimitiveTypeEntry;
import org.apache.hive.service.rpc.thrift.TRowSet;
import org.apache.hive.service.rpc.thrift.TStringColumn;
import org.apache.hive.service.rpc.thrift.TTableSchema;
import org.apache.hive.service.rpc.thrift.TTypeDesc;
import org.apache.hive.service.rpc.thrift.TTypeEntry;
import org.apache.hive.service.rpc.thrift.TTypeId;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;

/** Statements that are where the test puts them; each yields one row with its own text. */
final class FakeStatements implements Statements {
    final Map<StatementId, Object> submitted = new ConcurrentHashMap<>();
    final BlockingQueue<StatementId> ids = new LinkedBlockingQueue<>();
    final List<FetchRequest> fetches = new CopyOnWriteArrayList<>();
    final List<StatementId> cancelled = new CopyOnWriteArrayList<>();
    final List<StatementId> closed = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<StatementStatus>> waits = new CopyOnWriteArrayList<>();
    final BlockingQueue<StatementId> handedOver = new LinkedBlockingQueue<>();
    volatile StatementStatus status = StatementStatus.of(StatementState.FINISHED);
    volatile boolean hasty; // answers at once, whatever the wait
    volatile GatewayException refusal;
    volatile Supplier<Body> body;
    volatile CompletableFuture<Void> admission = CompletableFuture.completedFuture(null);
    private final Map<Integer, CompletableFuture<Void>> turns = new HashMap<>();
    private int asked;

    /** Waits for the next statement whose client has its handle. */
    StatementId nextHandedOver() throws InterruptedException {
        return handedOver.poll(10, TimeUnit.SECONDS);
    }

    /** Puts every statement there, and tells those who wait. */
    void become(StatementStatus next) {
        status = next;
        waits.forEach(wait -> wait.complete(next));
    }

    /** Completes once the status has been asked for so many times. */
    CompletableFuture<Void> asked(int times) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        synchronized (turns) {
            turns.put(times, reached);
            reach();
        }
        return reached;
    }

    private void reach() {
        turns.forEach((times, reached) -> {
            if (asked >= times) {
                reached.complete(null);
            }
        });
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, StatementRequest request) {
        return accept(session, request);
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, MetadataQuery query) {
        return accept(session, query);
    }

    private CompletableFuture<StatementId> accept(SessionId session, Object what) {
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        StatementId id = StatementId.random(session);
        submitted.put(id, what);
        ids.add(id);
        return admission.thenApply(admitted -> id);
    }

    @Override
    public void handedOver(StatementId id) {
        handedOver.add(id);
    }

    @Override
    public CompletableFuture<StatementStatus> status(StatementId id, Caller caller, Duration wait) {
        if (!submitted.containsKey(id)) {
            return unknown(id);
        }
        synchronized (turns) {
            asked++;
            reach();
        }
        if (status.state().isTerminal() || wait.isZero() || hasty) {
            return CompletableFuture.completedFuture(status);
        }
        CompletableFuture<StatementStatus> change = new CompletableFuture<>();
        waits.add(change);
        return change.completeOnTimeout(status, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletableFuture<StatementStatus> look(StatementId id, Caller caller) {
        return status(id, caller, Duration.ZERO);
    }

    @Override
    public CompletableFuture<Body> schema(StatementId id, Caller caller) {
        TTypeEntry type = TTypeEntry.primitiveEntry(new TPrimitiveTypeEntry(TTypeId.STRING_TYPE));
        TGetResultSetMetadataResp response = new TGetResultSetMetadataResp(TStatuses.success());
        response.setSchema(new TTableSchema(List.of(new TColumnDesc("text", new TTypeDesc(List.of(type)), 1))));
        return submitted.containsKey(id) ? CompletableFuture.completedFuture(Body.of(bytes(response))) : unknown(id);
    }

    @Override
    public CompletableFuture<Body> fetch(StatementId id, Caller caller, FetchRequest request) {
        if (!submitted.containsKey(id)) {
            return unknown(id);
        }
        boolean first = fetches.stream().noneMatch(request::equals);
        fetches.add(request);
        if (body != null) {
            return CompletableFuture.completedFuture(body.get());
        }
        Object what = submitted.get(id);
        String text = what instanceof StatementRequest statement ? statement.sql() : what.toString();
        return CompletableFuture.completedFuture(Body.of(bytes(page(first ? List.of(text) : List.of()))));
    }

    @Override
    public CompletableFuture<Void> cancel(StatementId id, Caller caller) {
        cancelled.add(id);
        return submitted.containsKey(id) ? CompletableFuture.completedFuture(null) : unknown(id);
    }

    @Override
    public CompletableFuture<Void> close(StatementId id, Caller caller) {
        closed.add(id);
        return submitted.remove(id) != null ? CompletableFuture.completedFuture(null) : unknown(id);
    }

    private static <T> CompletableFuture<T> unknown(StatementId id) {
        return CompletableFuture.failedFuture(
                new GatewayException(ErrorCode.INVALID_HANDLE, "There is no statement " + id));
    }

    static TFetchResultsResp page(List<String> rows) {
        TRowSet set = new TRowSet(0, List.of());
        set.setColumns(List.of(TColumn.stringVal(new TStringColumn(rows, java.nio.ByteBuffer.allocate(0)))));
        TFetchResultsResp response = new TFetchResultsResp(TStatuses.success());
        response.setHasMoreRows(false);
        response.setResults(set);
        return response;
    }

    static ByteBuf bytes(TBase<?, ?> response) {
        ByteBuf out = Unpooled.buffer();
        try {
            response.write(new TBinaryProtocol(new ByteBufTransport(out)));
        } catch (TException e) {
            throw new IllegalStateException(e);
        }
        return out;
    }
}
