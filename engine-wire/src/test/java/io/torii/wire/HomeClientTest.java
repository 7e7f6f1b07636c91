package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HomeClientTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final List<String> requests = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();
    private HttpServer gateway;
    private int status = 200;
    private String answer = "";
    private UnaryOperator<String> answers = signature -> answer;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
        gateway.createContext("/", this::answer);
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    @Test
    void registersAndLearnsHowOftenToBeat() throws Exception {
        answer = "heartbeat-millis=5000";

        Duration interval = client(url()).register("127.0.0.1", 4711, "123", "http://x:4040", "Spark 3.5.5 + ä");

        assertThat(interval).isEqualTo(Duration.ofSeconds(5));
        assertThat(requests)
                .containsExactly(
                        "/engine/v1/register tag=t&token=the-token&host=127.0.0.1&port=4711&application-id=123"
                                + "&web-url=http%3A%2F%2Fx%3A4040&version=Spark%203.5.5%20%2B%20%C3%A4&wire-oldest=1&wire-newest=1");
        assertThat(signatures).containsExactly("");
    }

    @Test
    void saysWhyItWasRefused() {
        status = 403;
        answer = "Its token was used before";

        assertThatThrownBy(() -> client(url()).register("h", 1, "", "", ""))
                .isInstanceOf(HomeRefusedException.class)
                .hasMessage("The gateway refused this engine: Its token was used before");
    }

    @Test
    void signsHeartbeatsAndNeverTwiceForTheSameTime() throws Exception {
        HomeClient client = client(url());
        answer = "command=none";

        assertThat(client.heartbeat(false, 3, 2)).isEqualTo(HomeCommand.NONE);
        answer = "command=drain";
        assertThat(client.heartbeat(false, 3, 2)).isEqualTo(HomeCommand.DRAIN);
        answer = "command=exit";
        assertThat(client.heartbeat(true, 0, 0)).isEqualTo(HomeCommand.EXIT);

        String body = "tag=t&state=ready&sessions=3&statements=2";
        assertThat(requests.get(0)).isEqualTo("/engine/v1/heartbeat " + body);
        assertThat(requests.get(2)).endsWith("state=draining&sessions=0&statements=0");
        assertThat(Signature.verify("the-secret", HomeClient.HEARTBEAT, body, signatures.get(0), CLOCK))
                .isPresent();
        assertThat(signatures).doesNotHaveDuplicates();
    }

    @Test
    void learnsThatItIsNotKnownAnyMore() throws Exception {
        status = 404;

        assertThat(client(url()).heartbeat(false, 0, 0)).isEqualTo(HomeCommand.UNKNOWN);
        client(url()).leave("idle");
    }

    @Test
    void opensTheTokensThatWereSealedForItsRequest() throws Exception {
        byte[] tokens = "the tokens".getBytes(StandardCharsets.UTF_8);
        answers = signature -> "tokens=" + SealedTokens.seal("the-secret", signature, tokens);

        assertThat(client(url()).tokens()).isEqualTo(tokens);
        assertThat(requests).containsExactly("/engine/v1/tokens tag=t");
        assertThat(Signature.verify("the-secret", HomeClient.TOKENS, "tag=t", signatures.get(0), CLOCK))
                .isPresent();
    }

    @Test
    void takesNoTokensThatWereSealedForAnotherRequest() {
        answer = "tokens=" + SealedTokens.seal("the-secret", "1767225599999:00", new byte[] {1});

        assertThatThrownBy(() -> client(url()).tokens())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The gateway's answer to a question for tokens makes no sense: Sealed tokens");
    }

    @Test
    void takesAsManyTokensAsThereMayBe() throws Exception {
        byte[] most = new byte[SealedTokens.MAX_BYTES];
        answers = signature -> "tokens=" + SealedTokens.seal("the-secret", signature, most);

        assertThat(client(url()).tokens()).isEqualTo(most);
    }

    @Test
    void getsNoTokensFromAClusterThatAsksForNone() throws Exception {
        answer = "tokens=";

        assertThat(client(url()).tokens()).isEmpty();
    }

    @Test
    void saysWhyThereAreNoTokensNow() {
        status = 503;
        answer = "no tokens of cluster prod for alice: the NameNode does not answer";
        assertThatThrownBy(() -> client(url()).tokens())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("status 503 no tokens of cluster prod for alice: the NameNode does not answer");

        status = 404;
        answer = "This engine is not known here";
        assertThatThrownBy(() -> client(url()).tokens())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("status 404: This engine is not known here");
    }

    @Test
    void goesToTheNextGatewayAndStaysThere() throws Exception {
        String dead = "http://127.0.0.1:" + freePort();
        HomeClient client = client(dead + "," + url());
        answer = "command=none";

        client.heartbeat(false, 0, 0);
        client.heartbeat(false, 0, 0);
        client.leave("idle for 30 minutes");

        assertThat(requests).hasSize(3);
        assertThat(requests.get(2)).isEqualTo("/engine/v1/leave tag=t&reason=idle%20for%2030%20minutes");
    }

    @Test
    void saysWhichGatewaysDidNotAnswer() throws Exception {
        String dead = "http://127.0.0.1:" + freePort();
        status = 503;
        answer = "The store is away";

        assertThatThrownBy(() -> client(dead + "," + url()).heartbeat(false, 0, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(dead)
                .hasMessageContaining("status 503 The store is away");
    }

    @Test
    void givesUpOnAGatewayThatSaysNothing() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            HomeClient client = client("http://127.0.0.1:" + mute.getLocalPort() + "," + url());
            answer = "command=none";

            assertThat(client.heartbeat(false, 0, 0)).isEqualTo(HomeCommand.NONE);
        }
    }

    @Test
    void doesNotTakeAnEndlessAnswer() {
        StringBuilder endless = new StringBuilder("command=none&x=");
        for (int i = 0; i < 70_000; i++) {
            endless.append('x');
        }
        answer = endless.toString();

        assertThatThrownBy(() -> client(url()).heartbeat(false, 0, 0))
                .hasMessageContaining("answer is larger than 65536 bytes");
    }

    private String url() {
        return "http://127.0.0.1:" + gateway.getAddress().getPort();
    }

    private static HomeClient client(String gateways) {
        Map<String, String> values = new HashMap<>();
        values.put(LaunchFile.TAG, "t");
        values.put(LaunchFile.TOKEN, "the-token");
        values.put(LaunchFile.SECRET, "the-secret");
        values.put(LaunchFile.GATEWAYS, gateways);
        values.put(LaunchFile.USER, "alice");
        values.put(LaunchFile.SHARE_LEVEL, "user");
        return new HomeClient(LaunchFile.of(values), CLOCK, 2_000, 300);
    }

    private void answer(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = exchange.getRequestBody();
        for (int next = in.read(); next >= 0; next = in.read()) {
            body.write(next);
        }
        String header = exchange.getRequestHeaders().getFirst(Signature.HEADER);
        signatures.add(header == null ? "" : header);
        requests.add(exchange.getRequestURI() + " " + new String(body.toByteArray(), StandardCharsets.UTF_8));
        byte[] text = answers.apply(signatures.get(signatures.size() - 1)).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
