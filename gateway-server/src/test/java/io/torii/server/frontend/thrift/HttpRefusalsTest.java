package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.auth.NoAuthenticator;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those get whose requests are not served. */
class HttpRefusalsTest {
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
        TOpenSessionReq request = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11);
        return HttpGateway.call("OpenSession", new TCLIService.OpenSession_args(request));
    }

    @Test
    void aPageInABrowserIsNotServedWhateverNameItUsesForThisHost() throws Exception {
        Map<String, String> marks = Map.of("Origin", "http://rebound.example:10010", "Sec-Fetch-Site", "same-origin");
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            HttpResponse<byte[]> response = gateway.send(gateway.post(open()).header(mark.getKey(), mark.getValue()));

            assertThat(response.statusCode()).as(mark.getKey()).isEqualTo(403);
            assertThat(HttpGateway.text(response)).isEqualTo("Requests of web pages are not served here\n");
        }
        assertThat(gateway.sessions.requests).isEmpty();
    }

    @Test
    void whoIsRefusedLosesTheConnection() throws Exception {
        for (String line : List.of("GET /cliservice", "POST /other", "POST /cliservice")) {
            try (Socket socket = gateway.socket()) {
                socket.getOutputStream().write(ascii(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));

                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as("to its end, after " + line)
                        .startsWith("HTTP/1.1 4")
                        .contains("Connection: close\r\n");
            }
        }
    }

    @Test
    void moreConnectionsFromOneAddressThanAllowedAreClosed() throws Exception {
        start(new TestLimits().connectionsPerAddress(1).make());
        try (Socket first = gateway.socket()) {
            first.getOutputStream().write(request());
            assertThat(first.getInputStream().read()).isEqualTo('H');

            try (Socket second = gateway.socket()) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void theHeadOfTheNextRequestMustComeInTimeThoughItBeganWithTheOneBefore() throws Exception {
        start(new TestLimits().login(Duration.ofMillis(200)).make());
        try (Socket slow = gateway.socket()) {
            slow.getOutputStream().write(Messages.join(request(), ascii("POST /cliservice HTT")));

            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("one answer, and the end")
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aMessageCountsAgainstWhatAllMayHoldFrom4KiBOn() throws Exception {
        start(new TestLimits().held(0).make());

        TOpenSessionReq large = new TOpenSessionReq(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V11);
        large.setUsername("x".repeat(5 * 1024));
        byte[] message = HttpGateway.call("OpenSession", new TCLIService.OpenSession_args(large));

        HttpResponse<byte[]> response = gateway.send(gateway.post(message));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(HttpGateway.text(response)).contains("no room for this message now");
        assertThat(gateway.send(gateway.post(open())).statusCode()).isEqualTo(200);
    }

    private void start(ThriftLimits limits) throws Exception {
        gateway.close();
        gateway = new HttpGateway(new NoAuthenticator(), limits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] request() throws Exception {
        byte[] message = open();
        String head = "POST /cliservice HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\nContent-Length: ";
        return Messages.join(ascii(head + message.length + "\r\n\r\n"), message);
    }
}
