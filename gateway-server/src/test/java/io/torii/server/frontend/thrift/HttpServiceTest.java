package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import io.torii.server.auth.NoAuthenticator;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServiceTest {
    private static final TOpenSessionReq OPEN = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11);

    /** Knows alice, whose password is secret. */
    private static final Authenticator ALICE = new Authenticator() {
        @Override
        public CompletableFuture<Identity> authenticate(String user, Secret password) {
            return user.equals("alice") && password.value().equals("secret")
                    ? CompletableFuture.completedFuture(new Identity("alice", Set.of("etl")))
                    : CompletableFuture.failedFuture(
                            new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Wrong user name or password"));
        }

        @Override
        public CompletableFuture<Optional<Identity>> find(String user) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public boolean admitsAnyone() {
            return false;
        }
    };

    private HttpGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new HttpGateway(new NoAuthenticator(), TestGateway.LIMITS);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] open() throws Exception {
        return HttpGateway.call("OpenSession", new TCLIService.OpenSession_args(OPEN));
    }

    private static TOperationHandle submit(TCLIService.Client client, TSessionHandle session, String sql)
            throws Exception {
        TExecuteStatementReq request = new TExecuteStatementReq(session, sql);
        request.setRunAsync(true);
        return client.ExecuteStatement(request).getOperationHandle();
    }

    private static List<String> fetch(TCLIService.Client client, TOperationHandle statement) throws Exception {
        return client.FetchResults(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10))
                .getResults()
                .getColumns()
                .get(0)
                .getStringVal()
                .getValues();
    }

    private void withPasswords() throws Exception {
        gateway.close();
        gateway = new HttpGateway(ALICE, TestGateway.LIMITS);
    }

    @Test
    void answersAStatement() throws Exception {
        TCLIService.Client client = gateway.hive("alice");
        TSessionHandle session = client.OpenSession(OPEN).getSessionHandle();

        assertThat(fetch(client, submit(client, session, "select 1"))).containsExactly("select 1");

        assertThat(gateway.sessions.requests.get(0).caller().user()).isEqualTo("alice");
        assertThat(gateway.sessions.requests.get(0).caller().address()).isEqualTo("127.0.0.1");
        assertThat(gateway.sessions.requests.get(0).frontend()).isEqualTo("thrift-http");
        assertThat(gateway.sessions.lost).isEmpty();
    }

    @Test
    void anyGatewayServesAnyRequest() throws Exception {
        try (HttpGateway other =
                new HttpGateway(new NoAuthenticator(), TestGateway.LIMITS, gateway.sessions, gateway.statements)) {
            TCLIService.Client client = HttpGateway.hive("alice", gateway, other);
            TSessionHandle session = client.OpenSession(OPEN).getSessionHandle();

            assertThat(fetch(client, submit(client, session, "select 1"))).containsExactly("select 1");
        }
    }

    @Test
    void aResultOfManyPartsArrivesWhole() throws Exception {
        TCLIService.Client client = gateway.hive("alice");
        TOperationHandle statement = submit(client, client.OpenSession(OPEN).getSessionHandle(), "select 1");
        String text = "x".repeat(3_000_000);
        ByteBuf page = FakeStatements.bytes(FakeStatements.page(List.of(text)));
        gateway.statements.body = () -> new FakeBody(page, 10_000);

        assertThat(fetch(client, statement)).containsExactly(text);
    }

    @Test
    void whoSendsNoNameIsAnonymousWherePasswordsAreNotChecked() throws Exception {
        assertThat(gateway.send(gateway.post(open())).statusCode()).isEqualTo(200);

        assertThat(gateway.sessions.requests.get(0).caller().user()).isEqualTo("anonymous");
    }

    @Test
    void aWrongPasswordAndNoneAtAllAreAskedForTheRightOne() throws Exception {
        withPasswords();

        HttpResponse<byte[]> wrong =
                gateway.send(gateway.post(open()).header("Authorization", HttpGateway.basic("alice", "x")));
        HttpResponse<byte[]> none = gateway.send(gateway.post(open()));

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"Torii\"");
        assertThat(HttpGateway.text(wrong)).isEqualTo("Wrong user name or password\n");
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(HttpGateway.text(none)).contains("asks for a user name and a password");
        assertThat(gateway.sessions.requests).isEmpty();
    }

    @Test
    void whoGuessesPasswordsHasToWait() throws Exception {
        withPasswords();
        for (int turn = 0; turn < 5; turn++) {
            gateway.send(gateway.post(open()).header("Authorization", HttpGateway.basic("alice", "guess " + turn)));
        }

        HttpResponse<byte[]> right =
                gateway.send(gateway.post(open()).header("Authorization", HttpGateway.basic("alice", "secret")));

        assertThat(right.statusCode()).isEqualTo(401);
        assertThat(HttpGateway.text(right)).contains("Too many failed logins of alice from 127.0.0.1");
    }

    @Test
    void aCookieStandsForThePasswordAtThisGatewayAndAtOthers() throws Exception {
        withPasswords();
        HttpResponse<byte[]> first =
                gateway.send(gateway.post(open()).header("Authorization", HttpGateway.basic("alice", "secret")));
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();

        assertThat(cookie).startsWith("hive.server2.auth=").endsWith("; Path=/cliservice; Max-Age=3600; HttpOnly");
        try (HttpGateway other = new HttpGateway(ALICE, TestGateway.LIMITS, gateway.sessions, gateway.statements)) {
            for (HttpGateway any : List.of(gateway, other)) {
                HttpResponse<byte[]> second = any.send(any.post(open()).header("Cookie", cookie.split(";")[0]));
                assertThat(second.statusCode()).isEqualTo(200);
                assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
            }
        }
        assertThat(gateway.sessions.requests)
                .allSatisfy(request ->
                        assertThat(request.caller().identity()).isEqualTo(new Identity("alice", Set.of("etl"))));
    }

    @Test
    void aForgedCookieIsAskedForAPassword() throws Exception {
        withPasswords();

        assertThat(gateway.send(gateway.post(open()).header("Cookie", "hive.server2.auth=alice.x"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void nobodyActsAsSomebodyElse() throws Exception {
        var request = gateway.post(open()).header("Authorization", HttpGateway.basic("alice", "x"));
        String uri = request.build().uri().toString();

        assertThat(gateway.send(request.uri(URI.create(uri + "?doAs=bob"))).statusCode())
                .isEqualTo(403);
        assertThat(gateway.send(request.uri(URI.create(uri + "?doAs=alice"))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSlashAtTheEndOfThePathDoesNoHarm() throws Exception {
        var request = gateway.post(open());

        assertThat(gateway.send(request.uri(request.build().uri().resolve("/cliservice/")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithARequest() throws Exception {
        var elsewhere = gateway.post(open());
        assertRefused(
                gateway.send(elsewhere.uri(elsewhere.build().uri().resolve("/other"))),
                404,
                "There is nothing here; Hive's Thrift protocol is at /cliservice");
        HttpResponse<byte[]> get = gateway.send(gateway.post(open()).GET());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        for (String method : List.of("HEAD", "TRACE", "PUT", "OPTIONS")) {
            assertThat(gateway.send(gateway.post(open()).method(method, BodyPublishers.noBody()))
                            .statusCode())
                    .as(method)
                    .isEqualTo(405);
        }
        assertRefused(
                gateway.send(gateway.post(open()).setHeader("Content-Type", "text/plain")),
                415,
                "The content type must be application/x-thrift");
        assertRefused(
                gateway.send(gateway.post(open()).header("Content-Encoding", "gzip")),
                415,
                "Compressed requests are not supported; send them plain");
        assertRefused(gateway.send(gateway.post(new byte[0])), 400, "The message ends too early, after 0 bytes");
        assertRefused(
                gateway.send(gateway.post("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII))),
                400,
                "This is no strict binary Thrift message: it begins with 0x47455420");
        assertRefused(
                gateway.send(gateway.post(Messages.join(open(), open()))), 400, "The message goes on after its end");
        assertRefused(
                gateway.send(gateway.post(new byte[1024 * 1024 + 1])), 413, "A message is larger than 1048576 bytes");
    }

    private static void assertRefused(HttpResponse<byte[]> response, int status, String sentence) {
        assertThat(HttpGateway.text(response)).isEqualTo(sentence + "\n");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void takesAMessageInChunksAndAfterA100() throws Exception {
        byte[] message = open();
        var chunked = gateway.post(message)
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(
                        List.of(Arrays.copyOf(message, 5), Arrays.copyOfRange(message, 5, message.length)))));

        assertThat(gateway.send(chunked).statusCode()).isEqualTo(200);
        assertThat(gateway.send(gateway.post(message).expectContinue(true)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aMessageThatIsNotThereInTimeIsGivenUp() throws Exception {
        gateway.close();
        gateway = new HttpGateway(
                new NoAuthenticator(),
                new TestLimits().message(Duration.ofMillis(200)).make());
        try (Socket slow = gateway.socket()) {
            slow.getOutputStream()
                    .write(("POST /cliservice HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\n"
                                    + "Content-Length: 100\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408")
                    .endsWith("The message was not complete within 0 s\n");
        }
    }

    @Test
    void aHeadThatIsNotThereInTimeEndsTheConnection() throws Exception {
        gateway.close();
        gateway = new HttpGateway(
                new NoAuthenticator(),
                new TestLimits().login(Duration.ofMillis(200)).make());
        try (Socket slow = gateway.socket()) {
            slow.getOutputStream().write("POST /cliservice HTT".getBytes(StandardCharsets.US_ASCII));

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosed() throws Exception {
        gateway.close();
        gateway = new HttpGateway(
                new NoAuthenticator(), new TestLimits().connections(1).make());
        assertThat(gateway.send(gateway.post(open())).statusCode())
                .as("keeps one")
                .isEqualTo(200);

        try (Socket second = gateway.socket()) {
            assertThat(second.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(gateway.send(gateway.post(open())).statusCode()).isEqualTo(200);
    }

    @Test
    void aHeadThatIsTooLargeIsRefusedInPlainText() throws Exception {
        HttpResponse<byte[]> response = gateway.send(gateway.post(open()).header("X-Long", "x".repeat(20_000)));

        assertThat(response.statusCode()).isEqualTo(431);
        assertThat(HttpGateway.text(response)).doesNotContain("<").doesNotContainIgnoringCase("jetty");
    }
}
