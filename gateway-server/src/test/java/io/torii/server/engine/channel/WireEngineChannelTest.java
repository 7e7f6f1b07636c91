package io.torii.server.engine.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.Progress;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.engine.CursorMoved;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EnginePage;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.Handover;
import io.torii.server.engine.JournalLine;
import io.torii.server.engine.UnknownSession;
import io.torii.server.engine.UnknownStatement;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import io.torii.wire.WireServer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCancelOperationResp;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesResp;
import org.apache.hive.service.rpc.thrift.TJobExecutionStatus;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProgressUpdateResp;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireEngineChannelTest {
    private static final EngineKey KEY = new EngineKey("local", "spark", ShareLevel.USER, "alice", "", "default", "");
    private static final StatementId STATEMENT = StatementId.random(SessionId.random());
    private static final UUID EARLIER = UUID.randomUUID();
    private static final StatementRequest SQL = new StatementRequest("SELECT 1", Map.of(), Optional.empty());
    private static final FetchRequest NEXT =
            new FetchRequest(FetchRequest.Content.ROWS, FetchRequest.Orientation.NEXT, 10);
    private static final TStatus SUCCESS = new TStatus(TStatusCode.SUCCESS_STATUS);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final FakeEngine engine = new FakeEngine();
    private final WireEngineChannels channels = new WireEngineChannels(
            new WireConnector(loops, Runnable::run, WireOptions.defaults()),
            new ChannelTimes(Duration.ofSeconds(10), Duration.ofSeconds(10)),
            "a gateway");
    private WireServer server;
    private EngineChannel channel;

    @BeforeEach
    void connect() throws Exception {
        WireOptions options = WireOptions.defaults().threads(1).closeGrace(Duration.ofMillis(300));
        server = WireServer.start("127.0.0.1", 0, FakeEngine.SECRET, engine, options);
        channel = answer(channels.channelTo(running(server.port(), FakeEngine.SECRET)));
    }

    @AfterEach
    void close() {
        channels.close();
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void opensASessionWithItsSettingsDatabaseAndJournal() throws Exception {
        engine.answers("OpenSession", new TOpenSessionResp(SUCCESS, TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6));
        SessionId id = SessionId.random();

        answer(channel.openSession(
                new EngineSession(id, "älice", 5, Map.of("spark.x", "1"), "sales", List.of("SET a=1", "USE b"))));

        assertThat(engine.lastCall().header(WireProtocol.SESSION)).contains(id.toString());
        assertThat(HeaderText.decode(engine.lastCall().header(WireProtocol.USER).orElse("")))
                .isEqualTo("älice");
        TOpenSessionReq request = engine.lastRequest(new TOpenSessionReq());
        assertThat(request.getClient_protocol()).isEqualTo(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);
        assertThat(request.getConfiguration())
                .isEqualTo(Map.of(
                        "spark.x", "1",
                        "use:database", "sales",
                        "torii:journal:0", "SET a=1",
                        "torii:journal:1", "USE b"));
    }

    @Test
    void aSessionThatCannotOpenFailsInTheEnginesWords() {
        TStatus status = new TStatus(TStatusCode.ERROR_STATUS);
        status.setSqlState("42000");
        status.setErrorMessage("Database 'nope' not found");
        engine.answers("OpenSession", new TOpenSessionResp(status, TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10));

        GatewayException failure = failure(
                GatewayException.class,
                channel.openSession(new EngineSession(SessionId.random(), "a", 9, Map.of(), "nope", List.of())));

        assertThat(failure).hasMessage("Database 'nope' not found");
        assertThat(failure.sqlState()).isEqualTo("42000");
    }

    @Test
    void executesAsynchronouslyUnderTheGatewaysId() throws Exception {
        engine.answers("ExecuteStatement", new TExecuteStatementResp(SUCCESS));

        answer(channel.execute(
                STATEMENT,
                new StatementRequest("select 'ü'", Map.of("k", "v"), Optional.of(Duration.ofMillis(1_500))),
                Handover.UNDER_WAY));

        assertThat(engine.lastCall().header(WireProtocol.STATEMENT)).contains(STATEMENT.toString());
        TExecuteStatementReq request = engine.lastRequest(new TExecuteStatementReq());
        assertThat(request.getStatement()).isEqualTo("select 'ü'");
        assertThat(request.getConfOverlay()).isEqualTo(Map.of("k", "v"));
        assertThat(request.isRunAsync()).isTrue();
        assertThat(request.getQueryTimeout()).isEqualTo(2);
        ByteBuffer guid =
                ByteBuffer.wrap(request.getSessionHandle().getSessionId().getGuid());
        assertThat(guid.getLong()).isEqualTo(STATEMENT.session().value().getMostSignificantBits());
    }

    @Test
    void saysWhoKnowsWhetherAClientGetsItsHandle() throws Exception {
        engine.answers("ExecuteStatement", new TExecuteStatementResp(SUCCESS));
        engine.answers("HandleDelivered", WireReply.of(new byte[0]));

        answer(channel.execute(STATEMENT, SQL, Handover.UNDER_WAY));
        assertThat(engine.lastCall().header(WireProtocol.GATEWAY)).contains("a gateway");
        answer(channel.execute(STATEMENT, SQL, Handover.IN_DOUBT));
        assertThat(engine.lastCall().header(WireProtocol.GATEWAY))
                .hasValueSatisfying(nobody -> assertThat(nobody).isNotEmpty().isNotEqualTo("a gateway"));
        assertThat(engine.lastCall().header(WireProtocol.HANDLE)).isEmpty();
        answer(channel.execute(STATEMENT, SQL, Handover.ARRIVED));
        assertThat(engine.lastCall().header(WireProtocol.GATEWAY)).contains("a gateway");
        assertThat(engine.lastCall().header(WireProtocol.HANDLE)).contains(WireProtocol.HANDLE_ARRIVED);

        answer(channel.handedOver(STATEMENT));
        assertThat(engine.lastCall().header(WireProtocol.STATEMENT)).contains(STATEMENT.toString());
    }

    @Test
    void asksAboutTables() throws Exception {
        engine.answers("GetTables", new TGetTablesResp(SUCCESS));

        answer(channel.query(
                STATEMENT,
                new MetadataQuery.Tables(Optional.empty(), Optional.of("sal%"), Optional.of("%"), List.of("TABLE"))));

        TGetTablesReq request = engine.lastRequest(new TGetTablesReq());
        assertThat(request.getCatalogName()).isNull();
        assertThat(request.getSchemaName()).isEqualTo("sal%");
        assertThat(request.getTableTypes()).containsExactly("TABLE");
    }

    @ParameterizedTest
    @CsvSource({
        "INITIALIZED_STATE, PENDING",
        "PENDING_STATE, PENDING",
        "RUNNING_STATE, RUNNING",
        "FINISHED_STATE, FINISHED",
        "CANCELED_STATE, CANCELED",
        "TIMEDOUT_STATE, TIMED_OUT",
        "CLOSED_STATE, CLOSED",
        "ERROR_STATE, FAILED",
        "UKNOWN_STATE, FAILED"
    })
    void mapsEveryState(TOperationState theirs, StatementState ours) throws Exception {
        TGetOperationStatusResp answer = new TGetOperationStatusResp(SUCCESS);
        answer.setOperationState(theirs);
        engine.answers("GetOperationStatus", answer);

        EngineStatus status = answer(channel.status(STATEMENT, Duration.ofMillis(800)));

        assertThat(status.status().state()).isEqualTo(ours);
        assertThat(status.status().failure().isPresent()).isEqualTo(ours == StatementState.FAILED);
        assertThat(engine.lastCall().header(WireProtocol.WAIT_MILLIS)).contains("800");
    }

    @Test
    void tellsNothingOfHowFarAStatementIsWhileItsEngineDoesNotKnow() throws Exception {
        TGetOperationStatusResp answer = new TGetOperationStatusResp(SUCCESS);
        answer.setOperationState(TOperationState.RUNNING_STATE);
        answer.setProgressUpdateResponse(new TProgressUpdateResp(
                List.of(), List.of(), 0, TJobExecutionStatus.NOT_AVAILABLE, "", 0)); // Beeline fails on it
        engine.answers("GetOperationStatus", answer);

        EngineStatus status = answer(channel.status(STATEMENT, Duration.ZERO));

        assertThat(status.status().progress()).isEmpty();
    }

    @Test
    void tellsHowFarAStatementIs() throws Exception {
        TGetOperationStatusResp answer = new TGetOperationStatusResp(SUCCESS);
        answer.setOperationState(TOperationState.RUNNING_STATE);
        answer.setHasResultSet(true);
        answer.setOperationStarted(1_000);
        answer.setProgressUpdateResponse(new TProgressUpdateResp(
                List.of("STAGE"), List.of(List.of("1")), 0.5, TJobExecutionStatus.IN_PROGRESS, "1 of 2", 900));
        engine.answers("GetOperationStatus", answer);

        EngineStatus status = answer(channel.status(STATEMENT, Duration.ZERO));

        assertThat(status.status().progress())
                .contains(new Progress(List.of("STAGE"), List.of(List.of("1")), 0.5, "RUNNING", "1 of 2", 900));
        assertThat(status.status().startedAt()).contains(Instant.ofEpochMilli(1_000));
        assertThat(status.status().endedAt()).isEmpty();
        assertThat(status.status().hasResultSet()).isTrue();
    }

    @Test
    void tellsWhyAStatementFailed() throws Exception {
        TStatus told = new TStatus(TStatusCode.SUCCESS_WITH_INFO_STATUS);
        told.setInfoMessages(List.of("Caused by: x"));
        TGetOperationStatusResp answer = new TGetOperationStatusResp(told);
        answer.setOperationState(TOperationState.ERROR_STATE);
        answer.setSqlState("42P01");
        answer.setErrorCode(7);
        answer.setErrorMessage("Table not found: t");
        answer.setOperationCompleted(2_000);
        engine.answers("GetOperationStatus", answer);

        EngineStatus status = answer(channel.status(STATEMENT, Duration.ZERO));

        assertThat(status.status().failure())
                .contains(new StatementFailure("42P01", 7, "Table not found: t", List.of("Caused by: x")));
        assertThat(status.status().endedAt()).contains(Instant.ofEpochMilli(2_000));
    }

    @Test
    void tellsWhatAStatementDidToItsSession() throws Exception {
        TGetOperationStatusResp answer = new TGetOperationStatusResp(SUCCESS);
        answer.setOperationState(TOperationState.FINISHED_STATE);
        engine.answers(
                "GetOperationStatus",
                WireReply.of(ThriftCodec.encode(answer))
                        .with(
                                WireProtocol.JOURNAL,
                                EARLIER + ":USE%20a," + STATEMENT + ":" + HeaderText.encode("SET x = 'ü',\n:"))
                        .with(WireProtocol.PINNED, "cached-table"));

        EngineStatus status = answer(channel.status(STATEMENT, Duration.ZERO));

        assertThat(status.journal())
                .containsExactly(
                        new JournalLine(EARLIER, "USE a"), new JournalLine(STATEMENT.value(), "SET x = 'ü',\n:"));
        assertThat(status.pinned()).contains("cached-table");

        engine.answers("JournalStored", WireReply.of(new byte[0]));
        answer(channel.journalStored(STATEMENT.session(), status.journal()));
        assertThat(engine.lastCall().header(WireProtocol.JOURNAL)).contains(EARLIER + "," + STATEMENT);
    }

    @Test
    void doesNotTrustWhatAnEngineAnswers() {
        engine.answers("GetOperationStatus", new TGetOperationStatusResp(SUCCESS));
        assertThat(failure(GatewayException.class, channel.status(STATEMENT, Duration.ZERO)))
                .hasMessage("The engine's answer has no state, or one that is unknown");

        engine.answers("GetOperationStatus", WireReply.of(new byte[] {1, 2, 3}));
        assertThat(failure(GatewayException.class, channel.status(STATEMENT, Duration.ZERO)))
                .hasMessageContaining("Malformed TGetOperationStatusResp");

        engine.answers("GetOperationStatus", WireReply.of(new byte[(1 << 20) + 1]));
        assertThat(failure(GatewayException.class, channel.status(STATEMENT, Duration.ZERO))
                        .code())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void relaysPagesUntouched() throws Exception {
        byte[] page = new byte[5 << 20];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (i * 7 + (i >> 10));
        }
        engine.answers("FetchResults", WireReply.of(page));

        Body body = answer(channel.fetch(
                        STATEMENT, new FetchRequest(FetchRequest.Content.LOG, FetchRequest.Orientation.FIRST, 1_000)))
                .body();

        assertThat(readAll(body)).isEqualTo(page);
        TFetchResultsReq request = engine.lastRequest(new TFetchResultsReq());
        assertThat(request.getFetchType()).isEqualTo((short) 1);
        assertThat(request.getOrientation()).isEqualTo(TFetchOrientation.FETCH_FIRST);
        assertThat(request.getMaxRows()).isEqualTo(1_000);
    }

    @Test
    void theEndOfAShortStatementComesWithTheAnswerToItsSubmission() throws Exception {
        TGetOperationStatusResp ended = new TGetOperationStatusResp(SUCCESS);
        ended.setOperationState(TOperationState.FINISHED_STATE);
        byte[] accepted = ThriftCodec.encode(new TExecuteStatementResp(SUCCESS));
        byte[] status = ThriftCodec.encode(ended);
        byte[] schema = {1, 2, 3};
        engine.answers(
                "ExecuteStatement",
                WireReply.of(concat(accepted, status, schema))
                        .with(WireProtocol.PARTS, accepted.length + "," + status.length + ",3")
                        .with(WireProtocol.JOURNAL, STATEMENT + ":SET%20a%3D1"));

        EarlyEnd end =
                answer(channel.execute(STATEMENT, SQL, Handover.UNDER_WAY)).orElseThrow();

        assertThat(end.status().status().state()).isEqualTo(StatementState.FINISHED);
        assertThat(end.status().journal()).containsExactly(new JournalLine(STATEMENT.value(), "SET a=1"));
        assertThat(end.schema()).contains(schema);
        assertThat(engine.lastCall().header(WireProtocol.WAIT_MILLIS)).contains("100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1,5", "3000000000,1", "9,9,9,9,9", "", "x"})
    void partsThatTheAnswerDoesNotHaveAreRefused(String parts) {
        engine.answers("ExecuteStatement", WireReply.of(new byte[20]).with(WireProtocol.PARTS, parts));

        assertThat(failure(GatewayException.class, channel.execute(STATEMENT, SQL, Handover.UNDER_WAY))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void aPageSaysWhichRowsItHas() throws Exception {
        engine.answers(
                "FetchResults",
                WireReply.of(new byte[] {7})
                        .with(WireProtocol.ROW, "20")
                        .with(WireProtocol.ROWS, "10")
                        .with(WireProtocol.MORE, ""));

        EnginePage page = answer(channel.fetch(STATEMENT, NEXT));
        EnginePage ahead = answer(channel.fetchAhead(STATEMENT, 30, 10));

        assertThat(page.end()).isEqualTo(30);
        assertThat(page.more()).isTrue();
        assertThat(readAll(ahead.body())).containsExactly(7);
        assertThat(engine.lastCall().header(WireProtocol.ROW)).contains("30");
    }

    @Test
    void whatIsHandedOutIsToldInTheNameOfThisGateway() throws Exception {
        engine.answers("TakePage", WireReply.of(new byte[0]));
        engine.answers("PageDelivered", WireReply.of(new byte[0]));

        answer(channel.take(STATEMENT, 30, 10));
        assertThat(engine.lastCall().headers())
                .containsEntry(WireProtocol.ROW, "30")
                .containsEntry(WireProtocol.ROWS, "10")
                .containsEntry(WireProtocol.GATEWAY, "a gateway");
        answer(channel.delivered(STATEMENT, 30));
        assertThat(engine.lastCall().headers())
                .containsEntry(WireProtocol.ROW, "30")
                .containsEntry(WireProtocol.GATEWAY, "a gateway");

        engine.refuses("TakePage", WireProtocol.CURSOR_ELSEWHERE, "It is at 40");
        engine.refuses("FetchResults", WireProtocol.PAGE_IN_DOUBT, "Nobody can tell");
        assertThat(failure(CursorMoved.class, channel.take(STATEMENT, 30, 10))).hasMessage("It is at 40");
        GatewayException inDoubt = failure(GatewayException.class, channel.fetch(STATEMENT, NEXT));
        assertThat(inDoubt.code()).isEqualTo(ErrorCode.ANSWER_IN_DOUBT);
        assertThat(inDoubt.sqlState()).isEqualTo("08S01");
    }

    @Test
    void knowsWhatTheEngineDoesNotHave() {
        engine.refuses("CancelOperation", WireProtocol.NO_SUCH_STATEMENT, "No statement x");
        engine.refuses("GetResultSetMetadata", WireProtocol.NO_SUCH_SESSION, "No session x");
        engine.refuses("OpenSession", WireProtocol.DRAINING, "It ends at noon");

        assertThat(failure(UnknownStatement.class, channel.cancel(STATEMENT))).hasMessage("No statement x");
        assertThat(failure(UnknownSession.class, channel.schema(STATEMENT))).hasMessage("No session x");
        GatewayException draining = failure(
                GatewayException.class,
                channel.openSession(new EngineSession(SessionId.random(), "a", 9, Map.of(), "", List.of())));
        assertThat(draining.code()).isEqualTo(ErrorCode.ENGINE_UNREACHABLE);
        assertThat(draining).hasMessageEndingWith("takes no new sessions: It ends at noon");
    }

    @Test
    void anEnginesWordsAreOneLineAndNotALongOne() {
        engine.refuses("CancelOperation", WireProtocol.INTERNAL_ERROR, "oops\r\n2026-01-01 INFO forged\u001B[2J");
        engine.refuses("CloseOperation", WireProtocol.NO_SUCH_STATEMENT, "x".repeat(3_000));

        assertThat(failure(GatewayException.class, channel.cancel(STATEMENT)))
                .hasMessageEndingWith(" failed: oops??2026-01-01 INFO forged?[2J");
        assertThat(failure(UnknownStatement.class, channel.close(STATEMENT))).hasMessage("x".repeat(2_000) + "...");
    }

    @Test
    void callsFailAsLostWhenTheEngineDies() {
        CompletableFuture<WireReply> never = new CompletableFuture<>();
        engine.answersLater("GetOperationStatus", never);
        CompletableFuture<EngineStatus> status = channel.status(STATEMENT, Duration.ofSeconds(5));

        server.close();

        assertThat(failure(GatewayException.class, status).code()).isEqualTo(ErrorCode.ENGINE_LOST);
        assertThat(channel.lost()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(failure(GatewayException.class, channel.cancel(STATEMENT)).code())
                .isEqualTo(ErrorCode.ENGINE_LOST);
    }

    @Test
    void givesUpOnAnEngineThatDoesNotAnswer() throws Exception {
        CompletableFuture<WireReply> never = new CompletableFuture<>();
        engine.answersLater("CancelOperation", never);
        try (WireEngineChannels impatient = new WireEngineChannels(
                new WireConnector(loops, Runnable::run, WireOptions.defaults()),
                new ChannelTimes(Duration.ofMillis(50), Duration.ofMillis(50)),
                "a gateway")) {
            EngineChannel hasty = answer(impatient.channelTo(running(server.port(), FakeEngine.SECRET)));

            assertThat(failure(GatewayException.class, hasty.cancel(STATEMENT)))
                    .hasMessageEndingWith("The engine did not answer CancelOperation within 50 ms");
        }
    }

    @Test
    void cancellingAFetchGivesItUpInTheEngine() throws Exception {
        CompletableFuture<WireReply> page = new CompletableFuture<>();
        engine.answersLater("FetchResults", page);
        CompletableFuture<EnginePage> fetch =
                channel.fetch(STATEMENT, new FetchRequest(FetchRequest.Content.ROWS, FetchRequest.Orientation.NEXT, 1));
        engine.answers("CancelOperation", new TCancelOperationResp(SUCCESS));
        answer(channel.cancel(STATEMENT));

        fetch.cancel(false);

        assertThat(page.handle((reply, failure) -> page.isCancelled()).get(20, TimeUnit.SECONDS))
                .isTrue();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    static RunningEngine running(int port, String secret) {
        return new RunningEngine(
                LaunchTag.random(), KEY, "127.0.0.1", port, new Secret(secret), "1", "", "Spark", Instant.EPOCH);
    }

    static <T> T answer(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    static <E extends Throwable> E failure(Class<E> type, CompletableFuture<?> future) {
        try {
            Object value = future.get(20, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, got " + value);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(type);
            return type.cast(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] readAll(Body body) throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Optional<ByteBuf> part = answer(body.next()); part.isPresent(); part = answer(body.next())) {
            part.get().readBytes(whole, part.get().readableBytes());
            part.get().release();
        }
        return whole.toByteArray();
    }
}
