package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.auth.NoAuthenticator;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TGetInfoReq;
import org.apache.hive.service.rpc.thrift.TGetInfoType;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    private static final int MUTANTS = 1_500;

    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new TestGateway(new NoAuthenticator());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private TApplicationException refusal(byte[] sent) throws Exception {
        try (Socket socket = gateway.socket()) {
            socket.getOutputStream().write(sent);
            TApplicationException exception = Messages.exception(new TBinaryProtocol(new TSocket(socket)));
            assertThat(socket.getInputStream().read()).as("closed").isEqualTo(-1);
            return exception;
        }
    }

    private static byte[] announcing(byte type, int length) throws Exception {
        return Messages.join(
                Messages.head("OpenSession", (byte) 1, 9),
                new byte[] {TType.STRUCT, 0, 1, type, 0, 2},
                type == TType.LIST ? new byte[] {TType.STRING} : new byte[0],
                ByteBuffer.allocate(4).putInt(length).array());
    }

    @Test
    void refusesLengthsBeforeAnythingIsAllocated() throws Exception {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1024 * 1024}) {
            assertThat(refusal(announcing(TType.STRING, length)).getType())
                    .isEqualTo(TApplicationException.PROTOCOL_ERROR);
            assertThat(refusal(announcing(TType.LIST, length)).getType())
                    .isEqualTo(TApplicationException.PROTOCOL_ERROR);
        }
    }

    @Test
    void refusesDepthBombs() throws Exception {
        byte[] bomb = new byte[300_000];
        for (int i = 0; i + 3 <= bomb.length; i += 3) {
            bomb[i] = TType.STRUCT;
            bomb[i + 2] = 1;
        }

        TApplicationException refusal = refusal(Messages.join(Messages.head("OpenSession", (byte) 1, 9), bomb));

        assertThat(refusal).hasMessage("Structures are nested deeper than 16");
    }

    /** A statement of 300,000 characters. */
    private static byte[] large() throws Exception {
        TSessionHandle session = Handles.of(io.torii.api.session.SessionId.random());
        return Messages.call(
                "ExecuteStatement",
                3,
                new TCLIService.ExecuteStatement_args(new TExecuteStatementReq(session, "x".repeat(300_000))));
    }

    private static byte[] openSession() throws Exception {
        return Messages.call(
                "OpenSession",
                1,
                new TCLIService.OpenSession_args(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6)));
    }

    private static TestGateway withRoomFor(long bytes) throws IOException {
        return new TestGateway(
                new NoAuthenticator(),
                new TestLimits().held(bytes - MessageBudget.FREE).make(),
                Optional.empty());
    }

    private static TMessage replyTo(byte[] sent, Socket socket) throws Exception {
        socket.getOutputStream().write(sent);
        TBinaryProtocol in = new TBinaryProtocol(new TSocket(socket));
        TMessage reply = in.readMessageBegin();
        TProtocolUtil.skip(in, TType.STRUCT);
        return reply;
    }

    @Test
    void aMessageThatThereIsNoRoomForIsRefusedAndSmallOnesAreServed() throws Exception {
        try (TestGateway full = withRoomFor(200_000);
                Socket socket = full.socket();
                Socket modest = full.socket()) {
            byte[] message = large();
            socket.getOutputStream().write(message, 0, message.length - 1);

            assertThat(Messages.exception(new TBinaryProtocol(new TSocket(socket))))
                    .hasMessageStartingWith("The gateway has no room for a message of 2")
                    .hasMessageEndingWith(" bytes or more now; try again later");
            assertThat(socket.getInputStream().read()).as("closed").isEqualTo(-1);
            assertThat(replyTo(openSession(), modest).type).isEqualTo(TMessageType.REPLY);
        }
    }

    @Test
    void thereIsRoomAgainOnceAMessageIsServed() throws Exception {
        try (TestGateway small = withRoomFor(301_000);
                Socket socket = small.socket()) {
            for (int turn = 0; turn < 3; turn++) {
                assertThat(replyTo(large(), socket).type).isEqualTo(TMessageType.REPLY);
            }
        }
    }

    @Test
    void thereIsRoomAgainOnceAClientIsGone() throws Exception {
        try (TestGateway small = withRoomFor(301_000)) {
            byte[] unfinished = large();
            try (Socket gone = small.socket()) {
                gone.getOutputStream().write(unfinished, 0, unfinished.length - 1);
                gone.shutdownOutput();
                assertThat(gone.getInputStream().readAllBytes()).isEmpty();
            }

            // the client may hear of the end a moment before the gateway counts again
            assertThat(IntStream.range(0, 100)).anySatisfy(attempt -> {
                try (Socket next = small.socket()) {
                    assertThat(replyTo(large(), next).type).isEqualTo(TMessageType.REPLY);
                }
            });
        }
    }

    @Test
    void answersWhatWasAskedBeforeTheStreamBroke() throws Exception {
        byte[] good = Messages.call(
                "OpenSession",
                1,
                new TCLIService.OpenSession_args(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6)));
        try (Socket socket = gateway.socket()) {
            socket.getOutputStream().write(Messages.join(good, new byte[] {1, 2, 3, 4, 5, 6}));
            byte[] all = socket.getInputStream().readAllBytes();

            assertThat(Messages.replies(all).readMessageBegin().seqid).isEqualTo(1);
            assertThat(new String(all, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains("no strict binary Thrift message");
        }
    }

    @Test
    void staysUpUnderRandomMutations() throws Exception {
        TSessionHandle session = Handles.of(io.torii.api.session.SessionId.random());
        TOpenSessionReq open = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);
        open.setConfiguration(Map.of("a", "b", "c", "d"));
        List<byte[]> seeds = List.of(
                Messages.call("OpenSession", 1, new TCLIService.OpenSession_args(open)),
                Messages.call(
                        "ExecuteStatement",
                        2,
                        new TCLIService.ExecuteStatement_args(new TExecuteStatementReq(session, "select 1"))),
                Messages.call(
                        "FetchResults",
                        3,
                        new TCLIService.FetchResults_args(
                                new TFetchResultsReq(Handles.none(), TFetchOrientation.FETCH_NEXT, 5))),
                Messages.call(
                        "GetInfo",
                        4,
                        new TCLIService.GetInfo_args(new TGetInfoReq(session, TGetInfoType.CLI_DBMS_NAME))),
                Messages.join(
                        Messages.login("alice", "x"),
                        Messages.frame(Messages.call("OpenSession", 1, new TCLIService.OpenSession_args(open)))));
        Random random = new Random(4_711);
        for (int round = 0; round < MUTANTS; round++) {
            byte[] mutant = seeds.get(round % seeds.size()).clone();
            for (int change = random.nextInt(5); change >= 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            try (Socket socket = gateway.socket()) {
                socket.getOutputStream().write(mutant, 0, 1 + random.nextInt(mutant.length));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                assertThat(e).as("round %s", round).isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }

        TCLIService.Client client = gateway.sasl("alice", "x");
        assertThat(client.OpenSession(open).isSetSessionHandle()).isTrue();
        client.getInputProtocol().getTransport().close();
    }
}
