package io.torii.it.bench;

import io.netty.buffer.ByteBuf;
import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.Handover;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.StatementRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TMemoryInputTransport;

/** Speaks to the engine on its own wire, with no gateway in between. */
final class DirectClient implements Client {
    private static final int PROTOCOL_V10 = 9;
    private static final Duration POLL = Duration.ofMillis(800);
    private static final long LIMIT_SECONDS = 300;

    private final EngineChannel channel;
    private SessionId session;

    DirectClient(WireEngineChannels channels, EngineFinder.Found engine) {
        RunningEngine running = new RunningEngine(
                new LaunchTag(engine.tag()),
                new EngineKey("local", "spark", ShareLevel.USER, "bench", "", "default", ""),
                "127.0.0.1",
                engine.port(),
                new Secret(engine.secret()),
                "",
                "",
                "",
                Instant.EPOCH);
        this.channel = await(channels.channelTo(running));
    }

    @Override
    public String name() {
        return "engine, directly";
    }

    @Override
    public void open() {
        session = SessionId.random();
        await(channel.openSession(new EngineSession(session, "bench", PROTOCOL_V10, Map.of(), "", List.of())));
    }

    @Override
    public long query(String sql, int fetchSize) throws TException, IOException {
        StatementId id = StatementId.random(session);
        await(channel.execute(id, new StatementRequest(sql, Map.of(), Optional.empty()), Handover.ARRIVED));
        StatementStatus status;
        do {
            status = await(channel.status(id, POLL)).status();
        } while (!status.state().isTerminal());
        if (status.state() != StatementState.FINISHED) {
            throw new IllegalStateException(status.toString());
        }
        bytes(await(channel.schema(id)));
        long rows = 0;
        long page;
        do {
            page = Rows.in(response(bytes(await(channel.fetch(
                            id, new FetchRequest(FetchRequest.Content.ROWS, FetchRequest.Orientation.NEXT, fetchSize)))
                    .body())));
            await(channel.delivered(id, rows));
            rows += page;
        } while (page > 0);
        await(channel.close(id));
        return rows;
    }

    @Override
    public void closeSession() {
        await(channel.closeSession(session));
    }

    @Override
    public void close() {
        // the connection is that of all direct clients
    }

    private static TFetchResultsResp response(byte[] bytes) throws TException {
        TFetchResultsResp response = new TFetchResultsResp();
        response.read(new TBinaryProtocol(new TMemoryInputTransport(bytes)));
        return response;
    }

    private static byte[] bytes(Body body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<ByteBuf> part = await(body.next()); part.isPresent(); part = await(body.next())) {
            part.get().readBytes(all, part.get().readableBytes());
            part.get().release();
        }
        return all.toByteArray();
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
}
