package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.session.Body;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.transport.TTransportException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines are not trusted: what a client gets of them is one answer, whole, or the end of the connection. */
class RelayTest {
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final byte[] FORGED = new byte[] {(byte) 0x80, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9, 0};

    private TestGateway gateway;
    private TCLIService.Client client;
    private TOperationHandle statement;

    @BeforeEach
    void connect() throws Exception {
        connect(new TestLimits().stall(SILENCE).make());
    }

    private void connect(ThriftLimits limits) throws Exception {
        gateway = new TestGateway(new NoAuthenticator(), limits, Optional.empty());
        client = gateway.plain();
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11);
        TExecuteStatementReq request =
                new TExecuteStatementReq(client.OpenSession(open).getSessionHandle(), "select 1");
        request.setRunAsync(true);
        statement = client.ExecuteStatement(request).getOperationHandle();
    }

    @AfterEach
    void close() {
        client.getInputProtocol().getTransport().close();
        gateway.close();
    }

    private TFetchResultsResp fetch() throws Exception {
        return client.FetchResults(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10));
    }

    /** Parts that an engine sends one after the other. */
    private static final class Parts implements Body {
        private final Queue<ByteBuf> left;
        private final boolean endless;
        private final CountDownLatch delivered = new CountDownLatch(1);
        private final CompletableFuture<Runnable> revocation = new CompletableFuture<>();
        private volatile boolean cancelled;

        private Parts(boolean endless, ByteBuf... parts) {
            this.left = new ArrayDeque<>(List.of(parts));
            this.endless = endless;
        }

        @Override
        public CompletableFuture<Optional<ByteBuf>> next() {
            return left.isEmpty() && endless
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(Optional.ofNullable(left.poll()));
        }

        @Override
        public void cancel() {
            cancelled = true;
            left.forEach(ByteBuf::release);
            left.clear();
        }

        @Override
        public void delivered() {
            delivered.countDown();
        }

        @Override
        public void whenRevoked(Runnable action) {
            revocation.complete(action);
        }
    }

    private static ByteBuf page(String text) {
        return FakeStatements.bytes(FakeStatements.page(List.of(text)));
    }

    private static ByteBuf large() {
        return page("x".repeat(300_000));
    }

    private Parts answering(Parts body) {
        gateway.statements.body = () -> body;
        return body;
    }

    private void assertEnded() {
        assertEnded(this::fetch);
    }

    private static void assertEnded(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(TTransportException.class, end -> assertThat(end.getType())
                .as("%s", end)
                .isEqualTo(TTransportException.END_OF_FILE));
    }

    @Test
    void anAnswerInPartsIsHandedOn() throws Exception {
        ByteBuf page = large();
        Parts body = answering(new Parts(false, page.readRetainedSlice(100_000), page.readRetainedSlice(3), page));

        assertThat(fetch().getResults().getColumns().get(0).getStringVal().getValues())
                .containsExactly("x".repeat(300_000));
        assertThat(body.delivered.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Timeout(20)
    void anAnswerThatIsTakenAwayEndsItsConnection() throws Exception {
        close();
        connect(new TestLimits().stall(Duration.ofMinutes(1)).make());
        Parts body = answering(new Parts(true, large().readRetainedSlice(100_000)));
        client.send_FetchResults(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10));

        body.revocation.get(10, TimeUnit.SECONDS).run();

        assertEnded(() -> client.recv_FetchResults());
    }

    @Test
    void aMessageForgedBehindAnAnswerDoesNotReachTheClient() throws Exception {
        Parts body = answering(new Parts(false, Unpooled.wrappedBuffer(page("x"), Unpooled.wrappedBuffer(FORGED))));

        TFetchResultsResp refused = fetch();

        assertThat(refused.getStatus().getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(refused.getStatus().getErrorMessage())
                .isEqualTo("The engine's answer is malformed: It goes on after its end");
        assertThat(body.cancelled).isTrue();
        answering(new Parts(false, page("next")));
        assertThat(fetch().getResults().getColumns().get(0).getStringVal().getValues())
                .containsExactly("next");
    }

    @Test
    void whereAPartHasBeenSentAlreadyTheConnectionEnds() {
        Parts body = answering(new Parts(false, large(), Unpooled.wrappedBuffer(FORGED)));

        assertEnded();
        assertThat(body.cancelled).isTrue();
        assertThat(body.delivered.getCount()).isOne();
    }

    @Test
    void anAnswerThatIsCutShortEndsTheConnection() {
        ByteBuf page = large();
        answering(new Parts(false, page.readSlice(280_000)));

        assertEnded();
    }

    @Test
    void anEngineThatFallsSilentInTheMiddleIsGivenUp() {
        ByteBuf page = large();
        Parts body = answering(new Parts(true, page.readSlice(200_000)));

        assertEnded();
        assertThat(body.cancelled).isTrue();
    }

    @Test
    void anEngineThatSendsNothingAtAllIsAFailureOfTheCallOnly() throws Exception {
        answering(new Parts(true));

        assertThat(fetch().getStatus().getErrorMessage())
                .isEqualTo("The engine has sent nothing for 200 ms in the middle of an answer");
        assertThat(fetch().getStatus().getSqlState()).isEqualTo("08S01");
    }
}
