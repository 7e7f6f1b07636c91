package io.torii.server.engine.channel;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.RunningEngine;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EnginePage;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.Handover;
import io.torii.server.engine.JournalLine;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireConnection;
import io.torii.wire.WireReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TCancelOperationResp;
import org.apache.hive.service.rpc.thrift.TCloseOperationResp;
import org.apache.hive.service.rpc.thrift.TCloseSessionResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.thrift.TBase;

/** An engine at the other end of a wire. Cancelling a future gives its call up. Thread-safe. */
final class WireEngineChannel implements EngineChannel {
    /** As many names as a header holds. */
    private static final int LINES_OF_ONE_CALL = 1_000;

    /** In place of one that has died. */
    private static final String NO_GATEWAY = "none";

    private final RunningEngine engine;
    private final WireConnection connection;
    private final ChannelTimes times;
    private final String gateway;

    /** @param gateway this process's name, other than that of every other one, an earlier one included */
    WireEngineChannel(RunningEngine engine, WireConnection connection, ChannelTimes times, String gateway) {
        this.engine = requireNonNull(engine, "engine");
        this.connection = requireNonNull(connection, "connection");
        this.times = requireNonNull(times, "times");
        this.gateway = requireNonNull(gateway, "gateway");
    }

    @Override
    public RunningEngine engine() {
        return engine;
    }

    @Override
    public CompletableFuture<Void> openSession(EngineSession session) {
        return command(
                times.open(),
                () -> EngineCalls.openSession(session),
                TOpenSessionResp::new,
                TOpenSessionResp::getStatus);
    }

    @Override
    public CompletableFuture<Void> closeSession(SessionId session) {
        return command(
                times.call(),
                () -> EngineCalls.closeSession(session),
                TCloseSessionResp::new,
                TCloseSessionResp::getStatus);
    }

    @Override
    public CompletableFuture<Optional<EarlyEnd>> execute(StatementId id, StatementRequest request, Handover handle) {
        String knowing = handle == Handover.IN_DOUBT ? NO_GATEWAY : gateway;
        return call(
                times.call(),
                () -> EngineCalls.execute(id, request, knowing, handle == Handover.ARRIVED),
                EngineAnswers::submitted);
    }

    @Override
    public CompletableFuture<Void> handedOver(StatementId id) {
        return call(times.call(), () -> EngineCalls.handedOver(id), told -> null);
    }

    @Override
    public CompletableFuture<Optional<EarlyEnd>> query(StatementId id, MetadataQuery query) {
        return call(times.call(), () -> EngineCalls.query(id, query), EngineAnswers::submitted);
    }

    @Override
    public CompletableFuture<EngineStatus> status(StatementId id, Duration wait) {
        return call(times.call().plus(wait), () -> EngineCalls.status(id, wait, gateway), EngineAnswers::status);
    }

    @Override
    public CompletableFuture<Body> schema(StatementId id) {
        return relay(() -> EngineCalls.schema(id));
    }

    @Override
    public CompletableFuture<EnginePage> fetch(StatementId id, FetchRequest request) {
        return page(() -> EngineCalls.fetch(id, request, gateway));
    }

    @Override
    public CompletableFuture<EnginePage> fetchAhead(StatementId id, long row, long maxRows) {
        return page(() -> EngineCalls.fetchAhead(id, row, maxRows).within(times.call()));
    }

    @Override
    public CompletableFuture<Void> take(StatementId id, long row, long rows) {
        return call(times.call(), () -> EngineCalls.take(id, row, rows, gateway), taken -> null);
    }

    @Override
    public CompletableFuture<Void> delivered(StatementId id, long row) {
        return call(times.call(), () -> EngineCalls.delivered(id, row, gateway), told -> null);
    }

    @Override
    public CompletableFuture<Void> journalStored(SessionId session, List<JournalLine> lines) {
        CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
        for (int from = 0; from < lines.size(); from += LINES_OF_ONE_CALL) {
            List<JournalLine> some = lines.subList(from, Math.min(lines.size(), from + LINES_OF_ONE_CALL));
            told = told.thenCompose(
                    before -> call(times.call(), () -> EngineCalls.journalStored(session, some), answer -> null));
        }
        return told;
    }

    @Override
    public CompletableFuture<Void> cancel(StatementId id) {
        return command(
                times.call(), () -> EngineCalls.cancel(id), TCancelOperationResp::new, TCancelOperationResp::getStatus);
    }

    @Override
    public CompletableFuture<Void> close(StatementId id) {
        return command(
                times.call(), () -> EngineCalls.close(id), TCloseOperationResp::new, TCloseOperationResp::getStatus);
    }

    @Override
    public CompletableFuture<Void> lost() {
        return connection.closed();
    }

    private <T extends TBase<?, ?>> CompletableFuture<Void> command(
            Duration limit, Supplier<WireCall> call, Supplier<T> answer, Function<T, TStatus> status) {
        return call(limit, call, reply -> {
            EngineAnswers.requireSuccess(status.apply(ThriftCodec.decode(reply.body(), answer.get())));
            return null;
        });
    }

    private <T> CompletableFuture<T> call(Duration limit, Supplier<WireCall> call, Function<WireReply, T> read) {
        return begun(() -> connection.call(call.get().within(limit)), read, unread -> {});
    }

    private CompletableFuture<Body> relay(Supplier<WireCall> call) {
        return begun(() -> connection.stream(call.get()), stream -> new RelayedBody(engine, stream), Body::cancel);
    }

    private CompletableFuture<EnginePage> page(Supplier<WireCall> call) {
        return begun(
                () -> connection.stream(call.get()),
                stream -> EngineAnswers.page(stream.headers(), new RelayedBody(engine, stream)),
                unwanted -> unwanted.body().cancel());
    }

    /** @param unwanted told of a value that came too late: its future was cancelled */
    private <A, T> CompletableFuture<T> begun(
            Supplier<CompletableFuture<A>> call, Function<A, T> read, Consumer<T> unwanted) {
        CompletableFuture<A> answer;
        try {
            answer = call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(ChannelFailures.of(engine, e));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        answer.whenComplete((arrived, failure) -> {
            try {
                if (failure != null) {
                    result.completeExceptionally(ChannelFailures.of(engine, failure));
                    return;
                }
                T value = read.apply(arrived);
                if (!result.complete(value)) {
                    unwanted.accept(value);
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(ChannelFailures.of(engine, e));
            }
        });
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                answer.cancel(false);
            }
        });
        return result;
    }
}
