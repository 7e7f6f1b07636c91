package io.torii.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.session.SessionId;
import io.torii.server.session.Session;
import io.torii.server.store.FakeSessionRepository;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
    private static final Duration LIMIT = Duration.ofMillis(200);

    @TempDir
    Path directory;

    private final FakeSessionRepository sessions = new FakeSessionRepository();
    private final Session session = new Session(
            SessionId.random(), "alice", "10.0.0.1", 9, Map.of(), "", "thrift-binary", Instant.ofEpochMilli(1_000));
    private final Health health = new Health(
            List.of(new Health.Part("store", () -> sessions.count().thenApply(count -> Optional.<String>empty()))),
            LIMIT);
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        sessions.insert(session, new SessionLimits(0, 0, 0, 0)).join();
        StatusPage status = new StatusPage(
                new StatusPage.Here(
                        "Torii test",
                        () -> Map.of("thrift", 1),
                        () -> Map.of("thrift-binary", 2),
                        () -> Map.of("running", 3L),
                        () -> sessions.row(session.id()).stream().toList(),
                        () -> List.of(ClusterSnapshot.unhealthy("yarn", "it is down", Instant.ofEpochMilli(7))),
                        () -> 4,
                        () -> 5),
                sessions,
                new FakeEngineRegistry(),
                health);
        server = new AdminServer(
                "127.0.0.1",
                0,
                new AdminPages(health, () -> "torii_x 1.0\n", status::page, AdminToken.create(directory)));
        server.start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void lives() throws Exception {
        HttpResponse<String> answer = get("/health/live");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(answer.body()).get("live").asBoolean())
                .isTrue();
    }

    @Test
    void isReadyWhileTheStoreAnswers() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        sessions.becomesUnavailable();
        HttpResponse<String> gone = get("/health/ready");

        assertThat(gone.statusCode()).isEqualTo(503);
        var body = new ObjectMapper().readTree(gone.body());
        assertThat(body.get("ready").asBoolean()).isFalse();
        assertThat(body.get("problems").get("store").asText()).isNotBlank();

        sessions.becomesAvailable();
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void showsMetricsToPrometheus() throws Exception {
        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.body()).isEqualTo("torii_x 1.0\n");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void showsTheStatusToWhoHasTheToken() throws Exception {
        HttpResponse<String> answer = get("/status", AdminToken.header(directory));

        assertThat(answer.statusCode()).isEqualTo(200);
        GatewayStatus status = new ObjectMapper().readValue(answer.body(), GatewayStatus.class);
        assertThat(status.ready()).isTrue();
        assertThat(status.openSessions()).isEqualTo(1);
        assertThat(status.sessions()).singleElement().satisfies(line -> {
            assertThat(line.user()).isEqualTo("alice");
            assertThat(line.openedAtMillis()).isEqualTo(1_000);
        });
        assertThat(status.clusters()).singleElement().satisfies(line -> {
            assertThat(line.reason()).isEqualTo("it is down");
            assertThat(line.takenAtMillis()).isEqualTo(7);
        });
        assertThat(status.memory().directUsed()).isEqualTo(4);
    }

    @Test
    void answersWhatIsNoRequestInOneLine() throws Exception {
        try (Socket junk = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            junk.getOutputStream().write("\u0001\u0002 junk\r\n\r\n".getBytes(US_ASCII));

            String answer = new String(junk.getInputStream().readAllBytes(), US_ASCII);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .doesNotContain("<")
                    .containsPattern("request cannot be served: 400");
        }
    }

    @Test
    void saysInTheStatusWhatIsNotKnown() throws Exception {
        sessions.becomesUnavailable();

        GatewayStatus status = new ObjectMapper()
                .readValue(get("/status", AdminToken.header(directory)).body(), GatewayStatus.class);

        assertThat(status.ready()).isFalse();
        assertThat(status.openSessions()).isEqualTo(-1);
        assertThat(status.problems()).contains("How many sessions there are is not known: the store does not answer");
    }

    @Test
    void showsUsersToNobodyElse() throws Exception {
        HttpResponse<String> none = get("/status");
        HttpResponse<String> wrong = get("/status", AdminToken.header(directory) + "0");

        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body()).doesNotContain("alice").contains("admin.token");
        assertThat(wrong.statusCode()).isEqualTo(401);
    }

    @Test
    void theTokenIsForItsOwnerAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(directory.resolve("admin.token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void changesNothing() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/status"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        assertThat(send(post).statusCode()).isEqualTo(405);
        assertThat(get("/other").statusCode()).isEqualTo(404);
    }

    @Test
    void aPageThatFailsSaysSo() throws Exception {
        try (AdminServer failing = new AdminServer(
                "127.0.0.1",
                0,
                new AdminPages(
                        health,
                        () -> "",
                        () -> CompletableFuture.failedFuture(new IllegalStateException("secret detail")),
                        AdminToken.create(directory)))) {
            failing.start();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + failing.port() + "/status"))
                    .header("Authorization", AdminToken.header(directory))
                    .build();

            HttpResponse<String> answer = send(request);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret detail");
        }
    }

    @Test
    @Timeout(60)
    void whoNeverSaysWhatItWantsKeepsNobodyOutForLong() throws Exception {
        AdminPages pages =
                new AdminPages(health, () -> "", () -> new CompletableFuture<>(), AdminToken.create(directory));
        List<Socket> slow = new ArrayList<>();
        try (AdminServer strict = new AdminServer("127.0.0.1", 0, pages, Duration.ofMillis(500))) {
            strict.start();
            for (int connection = 0; connection < 64; connection++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict.port());
                socket.setSoTimeout(50);
                socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nX: ".getBytes(US_ASCII));
                slow.add(socket);
            }

            dripUntilItIsClosed(slow.get(0)); // a byte now and then is no progress

            assertThat(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + strict.port() + "/health/live"))
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aConnectionIsForOneRequest() throws Exception {
        assertThat(get("/health/live").headers().firstValue("Connection")).contains("close");
        assertThat(get("/other").headers().firstValue("Connection")).contains("close");
    }

    private static void dripUntilItIsClosed(Socket socket) {
        try {
            while (true) {
                try {
                    if (socket.getInputStream().read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException open) {
                    socket.getOutputStream().write('x');
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    @Test
    void aTakenPortIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminServer second = new AdminServer(
                    "127.0.0.1",
                    taken.getLocalPort(),
                    new AdminPages(health, () -> "", () -> new CompletableFuture<>(), AdminToken.create(directory)));

            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot listen for administrators on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("in use");
            second.close();
        }
    }

    private HttpResponse<String> get(String path, String... token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        if (token.length > 0) {
            request.header("Authorization", token[0]);
        }
        return send(request.build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
