package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thrift over HTTP: a password once, then a cookie; proper refusals; nothing twice. */
@Tag("system")
class SpineHttpTest {
    private static final String[] THRIFT = {"Content-Type", "application/x-thrift"};
    private static final byte[] NOTHING = {};

    @Test
    void aWholeStatementOverOneConnectionEachWithACookieForThePassword() throws Exception {
        HttpMessages first = new HttpMessages();
        HttpResponse<byte[]> opened = first.post(
                first.message(service ->
                        service.send_OpenSession(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10))),
                with("Authorization", HttpMessages.basic("bob", Spine.PASSWORD)));
        assertThat(opened.statusCode()).isEqualTo(200);
        assertThat(opened.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-thrift");
        TSessionHandle session = first.reading(opened.body()).recv_OpenSession().getSessionHandle();
        String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).startsWith("hive.server2.auth=").containsIgnoringCase("HttpOnly");
        String[] authorized = with("Cookie", cookie.split(";", 2)[0]);

        HttpMessages second = new HttpMessages();
        TExecuteStatementReq request = new TExecuteStatementReq(session, "SELECT current_user(), 'é中😀'");
        TOperationHandle statement = second.reading(
                        second.post(second.message(service -> service.send_ExecuteStatement(request)), authorized)
                                .body())
                .recv_ExecuteStatement()
                .getOperationHandle();
        HttpMessages third = new HttpMessages();
        TFetchResultsReq next = new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, 10);
        assertThat(third.reading(third.post(third.message(service -> service.send_FetchResults(next)), authorized)
                                .body())
                        .recv_FetchResults()
                        .getResults()
                        .getColumns())
                .extracting(column -> column.getStringVal().getValues().get(0))
                .containsExactly("bob", "é中😀");
        HttpMessages last = new HttpMessages();
        assertThat(last.reading(last.post(
                                        last.message(
                                                service -> service.send_CloseSession(new TCloseSessionReq(session))),
                                        authorized)
                                .body())
                        .recv_CloseSession()
                        .getStatus()
                        .getStatusCode())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    @Test
    void whoDoesNotSayWhoTheyAreIsAskedFor() throws Exception {
        HttpMessages messages = new HttpMessages();
        byte[] open = messages.message(service ->
                service.send_OpenSession(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10)));

        for (String[] headers : List.of(
                THRIFT,
                with("Authorization", "Basic !!!"),
                with("Authorization", "Bearer abc"),
                with("Authorization", HttpMessages.basic("", "")),
                with("Authorization", HttpMessages.basic("carol", "wrong")),
                with("Cookie", "hive.server2.auth=cu=bob&rn=1&s=AAAA"))) {
            HttpResponse<byte[]> refused = messages.post(open, headers);
            assertThat(refused.statusCode()).as(String.join(" ", headers)).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Basic");
            assertThat(text(refused).lines()).hasSize(1);
        }
    }

    @Test
    void aWrongRequestIsRefusedWithTheStatusThatSaysWhy() throws Exception {
        String[] bob = with("Authorization", HttpMessages.basic("bob", Spine.PASSWORD));
        HttpMessages messages = new HttpMessages();
        byte[] junk = "SELECT 1".getBytes(StandardCharsets.UTF_8);

        assertThat(messages.send("POST", "/", junk, bob).statusCode()).isEqualTo(404);
        assertThat(messages.send("POST", "/cliservice2", junk, bob).statusCode())
                .isEqualTo(404);
        HttpResponse<byte[]> get = messages.send("GET", "/cliservice", NOTHING, bob);
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        for (String method : List.of("HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
            assertThat(messages.send(method, "/cliservice", NOTHING, bob).statusCode())
                    .as(method)
                    .isEqualTo(405);
        }
        assertThat(messages.post(junk, "Content-Type", "text/plain", bob[2], bob[3])
                        .statusCode())
                .isEqualTo(415);
        assertThat(messages.post(junk, bob).statusCode()).isEqualTo(400);
        assertThat(messages.post(NOTHING, bob).statusCode()).isEqualTo(400);
        assertThat(messages.post(new byte[17 << 20], bob).statusCode()).isEqualTo(413);
    }

    @Test
    void aStatementThatIsSentAgainAfterItsConnectionBrokeRunsOnce() throws Exception {
        String[] alice = with("Authorization", HttpMessages.basic("alice", Spine.PASSWORD));
        try (Connection direct = Spine.connect("alice")) {
            Spine.run(direct, "CREATE TABLE resent (n BIGINT) USING parquet");
            HttpMessages first = new HttpMessages();
            byte[] open = first.message(service ->
                    service.send_OpenSession(new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10)));
            TSessionHandle session = first.reading(first.post(open, alice).body())
                    .recv_OpenSession()
                    .getSessionHandle();
            TExecuteStatementReq insert = new TExecuteStatementReq(
                    session,
                    "INSERT INTO resent SELECT if(java_method('java.lang.Thread', 'sleep', 2000L) = 'x', 1L, 2L)");
            HttpMessages messages = new HttpMessages();
            byte[] call = messages.message(service -> service.send_ExecuteStatement(insert));

            messages.postAndBreak(call, Duration.ofMillis(700), alice);

            Spine.eventually(
                    Duration.ofSeconds(60),
                    () -> { // until then it is told to try again
                        TStatus again = messages.reading(
                                        messages.post(call, alice).body())
                                .recv_ExecuteStatement()
                                .getStatus();
                        assertThat(again.getStatusCode())
                                .as(again.getErrorMessage())
                                .isEqualTo(TStatusCode.SUCCESS_STATUS);
                    });
            Spine.run(direct, "REFRESH TABLE resent");
            assertThat(Spine.rows(direct, "SELECT * FROM resent")).containsExactly("2");
        }
    }

    @Test
    void aDriverWithoutCookiesSendsItsPasswordEachTime() throws SQLException {
        try (Connection connection = Spine.connectTo(Spine.world().httpUrl("default") + ";cookieAuth=false", "bob")) {
            assertThat(Spine.rows(connection, "SELECT current_user()")).containsExactly("bob");
        }
    }

    @Test
    void aDriverAtTheWrongPathPortOrPasswordIsToldAtOnce() {
        String url = Spine.world().httpUrl("default");
        assertThatThrownBy(() -> Spine.connectTo(url.replace("=cliservice", "=elsewhere"), "bob"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("404");
        assertThatThrownBy(() -> Spine.connectTo(
                        url.replace(
                                ":" + Spine.world().httpPort(),
                                ":" + Spine.world().thriftPort()),
                        "bob"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> Spine.connectTo(
                        Spine.world()
                                .url("default")
                                .replace(
                                        ":" + Spine.world().thriftPort(),
                                        ":" + Spine.world().httpPort()),
                        "bob"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> Spine.connectTo(url, "nobody"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("401");
    }

    private static String[] with(String name, String value) {
        return new String[] {THRIFT[0], THRIFT[1], name, value};
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
