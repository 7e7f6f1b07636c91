package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.auth.NoAuthenticator;
import java.net.http.HttpResponse;
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
            HttpResponse<byte[]> response =
                    gateway.send(gateway.post(open()).header(mark.getKey(), mark.getValue()));

            assertThat(response.statusCode()).as(mark.getKey()).isEqualTo(403);
            assertThat(HttpGateway.text(response)).isEqualTo("Requests of web pages are not served here\n");
        }
        assertThat(gateway.sessions.requests).isEmpty();
    }
}
