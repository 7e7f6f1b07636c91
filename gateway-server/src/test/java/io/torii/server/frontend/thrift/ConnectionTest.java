package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.auth.NoAuthenticator;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTest {
    private static TOpenSessionReq open(TProtocolVersion version, String user) {
        TOpenSessionReq request = new TOpenSessionReq(version);
        request.setUsername(user);
        return request;
    }

    private static byte[] openSession(int seqId) throws Exception {
        return Messages.call(
                "OpenSession",
                seqId,
                new TCLIService.OpenSession_args(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6)));
    }

    /** Everything that comes until the gateway closes; fails after a time if it does not. */
    private static byte[] conversation(TestGateway gateway, byte[] sent) throws Exception {
        try (Socket socket = gateway.socket()) {
            socket.getOutputStream().write(sent);
            return socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void admitsTheRightPasswordOnly() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser())) {
            TCLIService.Client client = gateway.sasl("alice", "secret");
            assertThat(client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"))
                            .isSetSessionHandle())
                    .isTrue();

            assertThatThrownBy(() -> gateway.sasl("alice", "guess"))
                    .hasMessageContaining("Unknown user or wrong password");
            assertThatThrownBy(() -> gateway.sasl("eve", "secret"))
                    .hasMessageContaining("Unknown user or wrong password");
        }
    }

    @Test
    void refusesImpersonation() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser())) {
            assertThatThrownBy(() -> TestGateway.sasl(
                            "PLAIN", "bob", "alice", "secret", new TSocket("127.0.0.1", gateway.port(), 10_000)))
                    .hasMessageContaining("User alice may not act as bob: impersonation is not allowed");
            TestGateway.sasl("PLAIN", "alice", "alice", "secret", new TSocket("127.0.0.1", gateway.port(), 10_000))
                    .getInputProtocol()
                    .getTransport()
                    .close();
        }
    }

    @Test
    void tellsClientsOfOtherMechanismsWhatToDo() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser());
                Socket socket = gateway.socket()) {
            socket.getOutputStream().write(Messages.sasl(1, "GSSAPI".getBytes(StandardCharsets.UTF_8)));

            assertThat(Messages.saslAnswer(socket))
                    .isEqualTo("3 The SASL mechanism GSSAPI is not supported here: "
                            + "log in with a user name and a password (PLAIN)");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void negotiatesByteByByte() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser());
                Socket socket = gateway.socket()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (byte next : Messages.login("alice", "secret")) {
                out.write(next);
                out.flush();
            }

            assertThat(Messages.saslAnswer(socket)).isEqualTo("5 ");
        }
    }

    @Test
    void asksForAResponseThatIsMissing() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser());
                Socket socket = gateway.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(Messages.sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)));
            out.write(Messages.sasl(2, new byte[0]));
            assertThat(Messages.saslAnswer(socket)).isEqualTo("2 ");
            out.write(Messages.sasl(2, "\0alice\0secret".getBytes(StandardCharsets.UTF_8)));

            assertThat(Messages.saslAnswer(socket)).isEqualTo("5 ");
        }
    }

    @Test
    void refusesSaslMessagesThatAreTooLongOrOutOfTurn() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser())) {
            assertThat(new String(conversation(gateway, new byte[] {1, 0x7f, 0, 0, 0, 0}), StandardCharsets.UTF_8))
                    .contains("A SASL message announces 2130706432 bytes, allowed are 64");
            assertThat(new String(
                            conversation(
                                    gateway,
                                    Messages.join(
                                            Messages.sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)),
                                            new byte[] {5, 0, 0, 16, 1})),
                            StandardCharsets.UTF_8))
                    .contains("A SASL message announces 4097 bytes, allowed are 4096");
            assertThat(new String(
                            conversation(
                                    gateway,
                                    Messages.join(
                                            Messages.sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)),
                                            Messages.sasl(9, new byte[1]))),
                            StandardCharsets.UTF_8))
                    .contains("Expected SASL OK or COMPLETE, but got status 9");
            assertThat(new String(
                            conversation(
                                    gateway,
                                    Messages.join(
                                            Messages.sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)),
                                            Messages.sasl(5, "junk".getBytes(StandardCharsets.UTF_8)))),
                            StandardCharsets.UTF_8))
                    .contains("A PLAIN response has an authorization name, a user name and a password");
        }
    }

    @Test
    void admitsClientsWithoutSaslWhereNoPasswordsAreChecked() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator())) {
            TCLIService.Client client = gateway.plain();

            client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6, "bob"));
            client.OpenSession(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6));

            assertThat(gateway.sessions.requests)
                    .extracting(request -> request.caller().user())
                    .containsExactly("bob", "anonymous");
            client.getInputProtocol().getTransport().close();
        }
    }

    @Test
    void tellsClientsWithoutSaslThatPasswordsAreChecked() throws Exception {
        try (TestGateway gateway = new TestGateway(new OneUser())) {
            TCLIService.Client client = gateway.plain();

            assertThatThrownBy(() -> client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6, "alice")))
                    .isInstanceOf(TApplicationException.class)
                    .hasMessageContaining("connect with SASL PLAIN");
            assertThat(gateway.sessions.requests).isEmpty();
        }
    }

    @Test
    void doesNotHangOnWhatItDoesNotSpeak() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator())) {
            assertThat(conversation(gateway, new byte[] {0x16, 3, 1, 2, 0, 1, 0}))
                    .startsWith(0x15);
            assertThat(new String(
                            conversation(
                                    gateway, "POST /cliservice HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                            StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Thrift binary port");
            assertThat(conversation(gateway, new byte[] {0, 0, 0, 20, (byte) 0x80}))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "2, 2",
        "3, 3",
        "4, 4",
        "5, 5",
        "6, 6",
        "7, 7",
        "8, 7",
        "9, 9",
        "10, 10",
        "11, 10",
        "99, 10",
        "2147483647, 10",
        "-7, 0"
    })
    void answersTheLowerOfBothProtocols(int wished, int answered) throws Exception {
        byte[] known = openSession(1);
        byte[] patched = known.clone();
        int at = Messages.head("OpenSession", (byte) 1, 1).length + 6;
        java.nio.ByteBuffer.wrap(patched).putInt(at, wished);
        try (TestGateway gateway = new TestGateway(new NoAuthenticator());
                Socket socket = gateway.socket()) {
            socket.getOutputStream().write(patched);
            TBinaryProtocol in = new TBinaryProtocol(new TSocket(socket));
            in.readMessageBegin();
            TCLIService.OpenSession_result result = new TCLIService.OpenSession_result();
            result.read(in);

            assertThat(result.getSuccess().getServerProtocolVersion().getValue())
                    .isEqualTo(answered);
            assertThat(gateway.sessions.requests.get(0).protocolVersion()).isEqualTo(answered);
        }
    }

    @Test
    void keepsUnknownMethodsAndOddMessagesApartFromTheRest() throws Exception {
        TCLIService.OpenSession_args arguments =
                new TCLIService.OpenSession_args(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6));
        try (TestGateway gateway = new TestGateway(new NoAuthenticator());
                Socket socket = gateway.socket()) {
            socket.getOutputStream()
                    .write(Messages.join(
                            Messages.call("GetLog", 41, arguments),
                            Messages.message("OpenSession", TMessageType.ONEWAY, 42, arguments),
                            Messages.message("OpenSession", TMessageType.REPLY, 43, arguments),
                            Messages.call("GetInfo", 44, arguments),
                            openSession(45)));
            TBinaryProtocol in = new TBinaryProtocol(new TSocket(socket));

            assertThat(Messages.exception(in).getType()).isEqualTo(TApplicationException.UNKNOWN_METHOD);
            assertThat(Messages.exception(in).getType()).isEqualTo(TApplicationException.INVALID_MESSAGE_TYPE);
            assertThat(Messages.exception(in).getType()).isEqualTo(TApplicationException.PROTOCOL_ERROR);
            assertThat(in.readMessageBegin().seqid).isEqualTo(45);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator());
                Socket socket = gateway.socket()) {
            socket.getOutputStream().write(Messages.login("alice", "x"));
            assertThat(Messages.saslAnswer(socket)).isEqualTo("5 ");
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] all = new byte[0];
            for (int i = 0; i < 100; i++) {
                all = Messages.join(all, openSession(i));
            }
            socket.getOutputStream().write(Messages.frame(all));

            for (int i = 0; i < 100; i++) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                assertThat(Messages.replies(frame).readMessageBegin().seqid).isEqualTo(i);
            }
        }
    }

    @Test
    void closesAConnectionOnWhichTooManyRequestsWait() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator())) {
            TCLIService.Client client = gateway.plain();
            TSessionHandle session = client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"))
                    .getSessionHandle();
            gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
            client.send_ExecuteStatement(new TExecuteStatementReq(session, "select 1"));
            for (int i = 0; i < 101; i++) {
                client.send_OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"));
            }

            assertThatThrownBy(client::recv_ExecuteStatement).isInstanceOf(TTransportException.class);
            assertThat(gateway.sessions.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(Handles.session(session));
            assertThat(gateway.sessions.requests).hasSize(1);
            client.getInputProtocol().getTransport().close();
        }
    }

    @Test
    void noticesThatAClientIsGoneWhoseRequestsStillWait() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator())) {
            TCLIService.Client client = gateway.plain();
            TSessionHandle session = client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"))
                    .getSessionHandle();
            gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
            client.send_ExecuteStatement(new TExecuteStatementReq(session, "select 1"));
            for (int i = 0; i < 50; i++) {
                client.send_OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"));
            }

            client.getInputProtocol().getTransport().close();

            assertThat(gateway.sessions.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(Handles.session(session));
            assertThat(gateway.statements.waits).hasSize(1).allMatch(CompletableFuture::isCancelled);
        }
    }

    private static void skipReply(TCLIService.Client client) throws Exception {
        client.getInputProtocol().readMessageBegin();
        TProtocolUtil.skip(client.getInputProtocol(), TType.STRUCT);
    }

    @Test
    void servesOneRequestAtATime() throws Exception {
        try (TestGateway gateway = new TestGateway(new NoAuthenticator())) {
            TCLIService.Client client = gateway.plain();
            TOpenSessionResp session =
                    client.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11, "alice"));
            gateway.statements.status = StatementStatus.of(StatementState.RUNNING);
            var request = new TExecuteStatementReq(session.getSessionHandle(), "select 1");
            request.setRunAsync(true);
            var handle = client.ExecuteStatement(request).getOperationHandle();
            client.send_GetOperationStatus(new TGetOperationStatusReq(handle));
            client.send_GetOperationStatus(new TGetOperationStatusReq(handle));

            skipReply(client);

            assertThat(gateway.statements.waits).hasSizeLessThanOrEqualTo(2);
            skipReply(client);
            assertThat(gateway.statements.waits).hasSize(2);
            client.getInputProtocol().getTransport().close();
        }
    }

    @Test
    void closesAConnectionThatDoesNotLogIn() throws Exception {
        Duration soon = Duration.ofMillis(200);
        ThriftLimits limits = new TestLimits().login(soon).message(soon).make();
        try (TestGateway gateway = new TestGateway(new OneUser(), limits, Optional.empty())) {
            assertThat(conversation(gateway, new byte[0])).isEmpty();
            assertThat(conversation(gateway, new byte[] {1, 0, 0})).isEmpty();
        }
    }

    @Test
    void closesAConnectionWhoseMessageDoesNotEnd() throws Exception {
        ThriftLimits limits = new TestLimits().message(Duration.ofMillis(200)).make();
        try (TestGateway gateway = new TestGateway(new NoAuthenticator(), limits, Optional.empty())) {
            byte[] answer = conversation(gateway, java.util.Arrays.copyOf(openSession(5), 30));

            assertThat(Messages.exception(Messages.replies(answer)))
                    .hasMessageContaining("A message was not complete within");
        }
    }

    @Test
    void closesAnIdleConnection() throws Exception {
        ThriftLimits limits = new TestLimits().idle(Duration.ofMillis(300)).make();
        try (TestGateway gateway = new TestGateway(new NoAuthenticator(), limits, Optional.empty())) {
            byte[] answer = conversation(gateway, openSession(5));

            assertThat(Messages.replies(answer).readMessageBegin().seqid).isEqualTo(5);
            assertThat(gateway.sessions.lost.take()).isNotNull();
        }
    }

    @Test
    void refusesMoreConnectionsThanAllowedButTakesNewOnesLater() throws Exception {
        ThriftLimits limits = new TestLimits().connections(1).make();
        try (TestGateway gateway = new TestGateway(new NoAuthenticator(), limits, Optional.empty())) {
            TCLIService.Client first = gateway.sasl("alice", "x");
            first.OpenSession(open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6, "alice"));
            assertThatThrownBy(() -> gateway.sasl("alice", "x")).isNotNull();

            first.getInputProtocol().getTransport().close();

            assertThat(gateway.sessions.lost.take()).isNotNull();
            TCLIService.Client next = eventually(() -> gateway.sasl("alice", "x"));
            next.getInputProtocol().getTransport().close();
        }
    }

    private interface Attempt<T> {
        T make() throws Exception;
    }

    private static <T> T eventually(Attempt<T> attempt) throws Exception {
        Exception last = null;
        for (int i = 0; i < 100; i++) {
            try {
                return attempt.make();
            } catch (Exception e) {
                last = e;
            }
        }
        throw last;
    }
}
