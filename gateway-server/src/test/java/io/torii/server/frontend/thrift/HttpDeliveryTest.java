package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.session.Body;
import io.torii.server.session.StatementRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that read slowly, or whose connections break. */
class HttpDeliveryTest {
    private static final int LARGE = 64 << 20;
    private static final int PART = 64 << 10;

    private HttpGateway gateway;
    private TCLIService.Client client;
    private TSessionHandle session;

    @BeforeEach
    void start() throws Exception {
        start(TestGateway.LIMITS);
    }

    private void start(ThriftLimits limits) throws Exception {
        gateway = new HttpGateway(new NoAuthenticator(), limits);
        client = gateway.hive("alice");
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11);
        session = client.OpenSession(open).getSessionHandle();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private TExecuteStatementReq statement(boolean async) {
        TExecuteStatementReq request = new TExecuteStatementReq(session, "insert");
        request.setRunAsync(async);
        return request;
    }

    private TFetchResultsResp fetch(TOperationHandle statement, TFetchOrientation orientation) throws Exception {
        return client.FetchResults(new TFetchResultsReq(statement, orientation, 10));
    }

    /** Makes a call on a connection of its own, whose answer is the test's to read. */
    private Socket begin(byte[] message) throws IOException {
        Socket socket = gateway.socket();
        String head =
                "POST /cliservice HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\nAuthorization: Basic "
                        + Base64.getEncoder().encodeToString("alice:x".getBytes(StandardCharsets.US_ASCII))
                        + "\r\nContent-Length: " + message.length + "\r\n\r\n";
        socket.getOutputStream().write(Messages.join(head.getBytes(StandardCharsets.US_ASCII), message));
        return socket;
    }

    private static void breakOff(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static byte[] fetchCall(TOperationHandle statement) throws Exception {
        return HttpGateway.call(
                "FetchResults",
                new TCLIService.FetchResults_args(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10)));
    }

    private FakeBody answerWithMuch() {
        ByteBuf page = FakeStatements.bytes(FakeStatements.page(List.of("x".repeat(LARGE))));
        FakeBody body = new FakeBody(page, PART);
        gateway.statements.body = () -> body;
        return body;
    }

    @Test
    void aSlowClientHoldsBackWhatComesForIt() throws Exception {
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        FakeBody body = answerWithMuch();

        try (Socket slow = begin(fetchCall(statement))) {
            assertThat(slow.getInputStream().readNBytes(1_000)).hasSize(1_000);
            int before = -1;
            while (before != body.handed.get()) { // until nothing moves any more
                before = body.handed.get();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertThat((long) before * PART).isLessThan(LARGE / 2);

            assertThat(body.delivered.getCount()).isOne();

            slow.getInputStream().skipNBytes(LARGE);
            assertThat(body.delivered.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPageOfWhichAPartWasSentIsInDoubt() throws Exception {
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        FakeBody body = answerWithMuch();
        Socket broken = begin(fetchCall(statement));
        assertThat(broken.getInputStream().readNBytes(1_000)).hasSize(1_000);

        breakOff(broken);

        assertThat(body.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        gateway.statements.body = null;
        TFetchResultsResp next = fetch(statement, TFetchOrientation.FETCH_NEXT);
        assertThat(next.getStatus().getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(next.getStatus().getSqlState()).isEqualTo("08S01");
        assertThat(next.getStatus().getErrorMessage()).contains("not known whether the page before has arrived");
        assertThat(fetch(statement, TFetchOrientation.FETCH_FIRST).getStatus().getStatusCode())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
        assertThat(fetch(statement, TFetchOrientation.FETCH_NEXT).getStatus().getStatusCode())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    @Test
    void aStatementWhoseHandleGotLostIsNotRunAgain() throws Exception {
        gateway.statements.admission = new CompletableFuture<>();
        Socket broken =
                begin(HttpGateway.call("ExecuteStatement", new TCLIService.ExecuteStatement_args(statement(true))));
        var first = gateway.statements.ids.poll(10, TimeUnit.SECONDS);
        breakOff(broken);

        CompletableFuture<TOperationHandle> again = CompletableFuture.supplyAsync(() -> {
            try {
                return client.ExecuteStatement(statement(true)).getOperationHandle();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        gateway.statements.admission.complete(null);

        assertThat(Handles.statement(again.get(10, TimeUnit.SECONDS))).isEqualTo(first);
        assertThat(gateway.statements.submitted).hasSize(1);
        assertThat(gateway.statements.nextHandedOver()).isEqualTo(first);
        assertThat(gateway.statements.handedOver).isEmpty();
    }

    @Test
    void aStatementWhoseHandleArrivedRunsAsOftenAsItIsAskedFor() throws Exception {
        client.ExecuteStatement(statement(true));
        client.ExecuteStatement(statement(true));

        assertThat(gateway.statements.submitted.values())
                .hasSize(2)
                .allSatisfy(what -> assertThat(((StatementRequest) what).sql()).isEqualTo("insert"));
    }

    @Test
    void theGatewayItselfMayTakeLongerThanAConnectionMayBeSilent() throws Exception {
        gateway.close();
        start(new TestLimits().idle(Duration.ofMillis(200)).make());
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                .execute(() -> gateway.statements.become(StatementStatus.of(StatementState.FINISHED)));

        assertThat(client.ExecuteStatement(statement(false)).getStatus().getStatusCode())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    @Test
    void aClientThatReadsNothingAtAllIsGivenUp() throws Exception {
        gateway.close();
        start(new TestLimits().idle(Duration.ofMillis(200)).make());
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        FakeBody body = answerWithMuch();

        try (Socket deaf = begin(fetchCall(statement))) {
            assertThat(body.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(deaf.isClosed()).isFalse();
        }
    }

    @Test
    void whatAnEngineForgesBehindItsAnswerDoesNotReachTheClient() throws Exception {
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        ByteBuf forged = FakeStatements.bytes(FakeStatements.page(List.of("x"))).writeBytes(new byte[] {1, 2, 3});
        gateway.statements.body = () -> Body.of(forged);

        assertThat(fetch(statement, TFetchOrientation.FETCH_NEXT).getStatus().getErrorMessage())
                .isEqualTo("The engine's answer is malformed: It goes on after its end");
        assertThat(fetch(statement, TFetchOrientation.FETCH_NEXT).getStatus().getSqlState())
                .as("the engine has moved on")
                .isEqualTo("08S01");
    }

    @Test
    void anAnswerThatIsCutShortIsCutShortForTheClientToo() throws Exception {
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        ByteBuf page = FakeStatements.bytes(FakeStatements.page(List.of("x".repeat(300_000))));
        gateway.statements.body = () -> new FakeBody(page.readSlice(200_000), 10_000);

        assertThatThrownBy(() -> gateway.send(
                        gateway.post(fetchCall(statement)).header("Authorization", HttpGateway.basic("alice", "x"))))
                .isInstanceOf(IOException.class);
    }

    /** Has nothing to say. */
    private record Silent(CompletableFuture<Runnable> revocation) implements Body {
        @Override
        public CompletableFuture<Optional<ByteBuf>> next() {
            return new CompletableFuture<>();
        }

        @Override
        public void cancel() {
            // has nothing
        }

        @Override
        public void delivered() {
            // is refused, or taken away
        }

        @Override
        public void whenRevoked(Runnable action) {
            revocation.complete(action);
        }
    }

    @Test
    void anAnswerThatIsTakenAwayEndsItsConnection() throws Exception {
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        Silent page = new Silent(new CompletableFuture<>());
        gateway.statements.body = () -> page;

        try (Socket waiting = begin(fetchCall(statement))) {
            page.revocation().get(10, TimeUnit.SECONDS).run();

            assertThat(new String(waiting.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotStartWith("HTTP/1.1 200");
        }
    }

    @Test
    void anEngineThatSendsNothingIsAFailureOfTheCallOnly() throws Exception {
        gateway.close();
        start(new TestLimits().stall(Duration.ofMillis(200)).make());
        TOperationHandle statement = client.ExecuteStatement(statement(true)).getOperationHandle();
        gateway.statements.body = () -> new Silent(new CompletableFuture<>());

        assertThat(fetch(statement, TFetchOrientation.FETCH_FIRST).getStatus().getErrorMessage())
                .isEqualTo("The engine has sent nothing for 200 ms in the middle of an answer");
    }

    @Test
    void aCallThatGetsNoAnswerIsEndedForNobodySeesItsClientGo() throws Exception {
        gateway.close();
        start(new TestLimits().call(Duration.ofMillis(200)).make());
        gateway.statements.admission = new CompletableFuture<>();

        try (Socket waiting =
                begin(HttpGateway.call("ExecuteStatement", new TCLIService.ExecuteStatement_args(statement(true))))) {
            assertThat(new String(waiting.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 504")
                    .endsWith("There was no answer within 0 s\n");
        }
    }

    @Test
    void aStatementThatARequestWaitsForMayTakeLongerButNotForEver() throws Exception {
        gateway.close();
        start(new TestLimits()
                .call(Duration.ofMillis(100))
                .statement(Duration.ofSeconds(1))
                .make());
        gateway.statements.status = StatementStatus.of(StatementState.RUNNING);

        TStatus status = client.ExecuteStatement(statement(false)).getStatus();

        assertThat(status.getErrorMessage())
                .isEqualTo("The statement was ended: a request over HTTP waits 1 s for one at most;"
                        + " run it asynchronously (runAsync)");
        assertThat(status.getSqlState()).isEqualTo("HYT00");
        assertThat(gateway.statements.closed).containsExactlyElementsOf(gateway.statements.ids);
    }
}
