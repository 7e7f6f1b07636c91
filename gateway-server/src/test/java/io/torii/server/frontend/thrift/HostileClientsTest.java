package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.session.Body;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.thrift.protocol.TType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hold on to what they have, over real sockets. Beside each of them a neighbour is served. */
@Timeout(120)
class HostileClientsTest {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final int MANY = 150;
    private static final int FLOOD = 2_000;
    private static final long MOST_DIRECT_MEMORY = 64 << 20;

    private final List<Socket> hostile = new ArrayList<>();
    private TestGateway gateway;
    private Neighbour neighbour;

    @AfterEach
    void close() throws IOException {
        for (Socket socket : hostile) {
            socket.close();
        }
        neighbour.close();
        gateway.close();
    }

    private void start(TestLimits limits) throws Exception {
        gateway = new TestGateway(new NoAuthenticator(), limits.make(), Optional.empty());
        neighbour = new Neighbour(gateway.sasl("alice", "x"));
    }

    private Socket connect() throws IOException {
        Socket socket = gateway.socket();
        socket.setTcpNoDelay(true);
        hostile.add(socket);
        return socket;
    }

    /** A connection that the gateway has taken, half-way through a login. */
    private Socket held() throws IOException {
        Socket socket = connect();
        socket.getOutputStream()
                .write(Messages.join(
                        Messages.sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)), Messages.sasl(5, new byte[0])));
        assertThat(Messages.saslAnswer(socket)).isEqualTo("2 ");
        return socket;
    }

    /** A byte of each client in turn, and a call of the neighbour, until the gateway has closed on all of them. */
    private void trickle(byte[] bytes) throws Exception {
        List<Socket> open = new ArrayList<>();
        for (int client = 0; client < MANY; client++) {
            open.add(connect());
        }
        for (int round = 0; !open.isEmpty(); round++) {
            int next = bytes[Math.min(round, bytes.length - 1)];
            open.removeIf(socket -> isOver(socket, next));
            neighbour.isServed();
        }
        neighbour.noticedNothing();
    }

    /** Whether the gateway has closed; sends a byte if not. */
    private static boolean isOver(Socket socket, int next) {
        try {
            socket.setSoTimeout(1);
            socket.getOutputStream().write(next);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aLoginThatComesByteByByteIsCutOff() throws Exception {
        start(new TestLimits().login(SOON));

        trickle(new byte[] {1, 0, 0, 0, 64, 'P'}); // a mechanism of 64 letters, which takes for ever
    }

    @Test
    void aMessageThatComesByteByByteIsCutOff() throws Exception {
        start(new TestLimits().message(SOON));
        byte[] endless = Messages.join(
                Messages.head("OpenSession", (byte) 1, 9), new byte[] {TType.STRING, 0, 1, 0, 15, 0, 0, 'x'});

        trickle(endless);
    }

    @Test
    void whoConnectsAndSaysNothingIsCutOff() throws Exception {
        start(new TestLimits().login(SOON));
        for (int client = 0; client < MANY; client++) {
            connect();
        }

        for (Socket socket : hostile) {
            neighbour.isServed();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        neighbour.noticedNothing();
    }

    @Test
    void whatIsOnlyAnnouncedTakesNoRoom() throws Exception {
        start(new TestLimits().held(300_000 - MessageBudget.FREE));
        byte[] announced = Messages.join(
                Messages.head("ExecuteStatement", (byte) 1, 9),
                new byte[] {TType.STRING, 0, 1},
                ByteBuffer.allocate(4).putInt(1_000_000).array(),
                new byte[1_000]);
        for (int client = 0; client < MANY; client++) {
            connect().getOutputStream().write(announced);
        }

        neighbour.isServed(200);
        try (Neighbour other = new Neighbour(gateway.plain())) {
            other.isServed(200);
            other.noticedNothing();
        }
        assertMemoryIsBounded();
    }

    @Test
    void aFloodOfConnectionsIsRefusedAboveTheLimit() throws Exception {
        start(new TestLimits().connections(MANY).login(Duration.ofSeconds(60)));
        int threads = Thread.activeCount();
        int refused = 0;
        for (int client = 1; client < MANY; client++) {
            held();
        }
        List<Socket> flood = new ArrayList<>();
        for (int client = MANY; client < FLOOD; client++) {
            flood.add(connect());
            if (client % 10 == 0) {
                neighbour.isServed();
            }
        }
        for (Socket socket : flood) {
            assertThat(endOf(socket)).isEqualTo(-1);
            refused++;
        }

        assertThat(refused).isEqualTo(FLOOD - MANY);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        neighbour.noticedNothing();
        assertMemoryIsBounded();
    }

    @Test
    void oneAddressHasNoMoreThanItsShareOfConnections() throws Exception {
        start(new TestLimits().connectionsPerAddress(3));
        Socket second = held();
        held();

        assertThat(endOf(connect())).isEqualTo(-1);
        neighbour.isServed();

        second.close();
        assertThat(hostile).hasSize(3);
        Neighbour next = eventually();
        next.isServed();
        next.close();
    }

    /** The gateway may hear of the end a moment after the client has closed. */
    private Neighbour eventually() throws Exception {
        Exception last = null;
        for (int attempt = 0; attempt < 1_000; attempt++) {
            try {
                return new Neighbour(gateway.sasl("bob", "x"));
            } catch (org.apache.thrift.TException e) {
                last = e;
            }
        }
        throw last;
    }

    /** -1 also where the refusal comes as a reset. */
    private static int endOf(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("neither served nor refused", e);
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void whatWasAskedBeforeTheClientStoppedSendingIsAnswered() throws Exception {
        start(new TestLimits());
        Socket socket = connect();
        byte[] open = Messages.call(
                "OpenSession",
                5,
                new TCLIService.OpenSession_args(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6)));
        socket.getOutputStream().write(open);
        socket.shutdownOutput();

        byte[] all = socket.getInputStream().readAllBytes();

        assertThat(Messages.replies(all).readMessageBegin().seqid).isEqualTo(5);
        neighbour.isServed();
    }

    /** Pages without end, which count how much has been asked for. */
    private static final class Endless implements Body {
        private static final int PART = 64 * 1024;

        private final AtomicLong asked = new AtomicLong();
        private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

        @Override
        public CompletableFuture<Optional<ByteBuf>> next() {
            ByteBuf part = PooledByteBufAllocator.DEFAULT.directBuffer(PART);
            part.writeZero(PART);
            if (asked.getAndAdd(PART) == 0) {
                part.clear()
                        .writeByte(TType.STRING)
                        .writeShort(1)
                        .writeInt(Integer.MAX_VALUE - PART)
                        .writeZero(9);
            }
            return CompletableFuture.completedFuture(Optional.of(part));
        }

        @Override
        public void cancel() {
            cancelled.complete(null);
        }

        @Override
        public void delivered() {
            throw new AssertionError("nobody can have read all of it");
        }
    }

    /** A client that has asked for pages without end, and reads none of them. */
    private Socket fetch(Endless pages, int times) throws Exception {
        gateway.statements.body = () -> pages;
        Socket socket = connect();
        TOperationHandle statement = statement();
        byte[] fetch = Messages.call(
                "FetchResults",
                8,
                new TCLIService.FetchResults_args(
                        new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 1_000)));
        for (int time = 0; time < times; time++) {
            socket.getOutputStream().write(fetch);
        }
        return socket;
    }

    private TOperationHandle statement() throws Exception {
        TCLIService.Client client = gateway.plain();
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
        TExecuteStatementReq execute =
                new TExecuteStatementReq(client.OpenSession(open).getSessionHandle(), "select 1");
        execute.setRunAsync(true);
        TOperationHandle statement = client.ExecuteStatement(execute).getOperationHandle();
        client.getInputProtocol().getTransport().close();
        return statement;
    }

    @Test
    void aClientThatDoesNotReadHoldsBackNobodyAndIsGivenUp() throws Exception {
        start(new TestLimits().stall(SOON));
        Endless pages = new Endless();
        fetch(pages, 50);

        while (!pages.cancelled.isDone()) {
            neighbour.isServed();
        }

        assertThat(pages.asked.get()).as("asked of the engine").isLessThan(MOST_DIRECT_MEMORY);
        assertMemoryIsBounded();
        neighbour.noticedNothing();
    }

    @Test
    void aResetInTheMiddleOfAnAnswerEndsIt() throws Exception {
        start(new TestLimits());
        Endless pages = new Endless();
        Socket socket = fetch(pages, 1);
        assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);

        socket.setSoLinger(true, 0);
        socket.close();

        pages.cancelled.get(20, TimeUnit.SECONDS);
        neighbour.isServed();
    }

    @Test
    void aClientThatStopsReadingForGoodIsGivenUp() throws Exception {
        start(new TestLimits().stall(SOON));
        Endless pages = new Endless();
        Socket socket = fetch(pages, 1);
        socket.shutdownInput(); // what comes is acknowledged and dropped, or not acknowledged at all
        socket.shutdownOutput();

        pages.cancelled.get(20, TimeUnit.SECONDS);
        neighbour.isServed();
    }

    private static void assertMemoryIsBounded() {
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThan(MOST_DIRECT_MEMORY);
    }
}
