package io.torii.server.frontend.home;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.api.cluster.FakeCluster;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineTokens;
import io.torii.server.store.MovableClock;
import io.torii.wire.HomeClient;
import io.torii.wire.HomeCommand;
import io.torii.wire.HomeForm;
import io.torii.wire.HomeRefusedException;
import io.torii.wire.LaunchFile;
import io.torii.wire.SealedTokens;
import io.torii.wire.Signature;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HomeServerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration MINUTES = Duration.ofMinutes(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String REGISTRATION = "tag=" + FakeEngineHome.TAG
            + "&token=the-token&host=127.0.0.1&port=4711&application-id=17&web-url=&version=Spark&wire-oldest=1&wire-newest=3";
    private static final String BEAT = "tag=" + FakeEngineHome.TAG + "&state=ready&sessions=2&statements=1";

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeEngineHome home = new FakeEngineHome();
    private final FakeCluster cluster = new FakeCluster();
    private final EngineTokens tokens = new EngineTokens(home, Map.of("prod", cluster));
    private HomeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HomeServer(HomeServerConfig.of("127.0.0.1", 0, HEARTBEAT), home, tokens, loops, CLOCK);
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void enginesRegisterBeatAndLeave() throws Exception {
        HomeClient engine = engine(FakeEngineHome.TOKEN, FakeEngineHome.SECRET);

        Duration interval = engine.register("127.0.0.1", 4711, "17", "http://127.0.0.1:4040", "Spark 3.5.5");
        HomeCommand first = engine.heartbeat(false, 2, 1);
        home.command = EngineCommand.DRAIN;
        HomeCommand second = engine.heartbeat(true, 2, 0);
        engine.leave("idle for PT30M");

        assertThat(interval).isEqualTo(HEARTBEAT);
        assertThat(first).isEqualTo(HomeCommand.NONE);
        assertThat(second).isEqualTo(HomeCommand.DRAIN);
        assertThat(home.told)
                .containsExactly(
                        "register Registration[host=127.0.0.1, port=4711, applicationId=17,"
                                + " webUrl=http://127.0.0.1:4040, version=Spark 3.5.5, wireVersion=1]",
                        "heartbeat EngineLoad[draining=false, sessions=2, statements=1]",
                        "heartbeat EngineLoad[draining=true, sessions=2, statements=0]",
                        "leave idle for PT30M");
    }

    @Test
    void aRefusedEngineIsToldSo() {
        HomeClient engine = engine("another-token", FakeEngineHome.SECRET);

        assertThatThrownBy(() -> engine.register("127.0.0.1", 4711, "", "", ""))
                .isInstanceOf(HomeRefusedException.class)
                .hasMessageEndingWith("The launch is not known, its token was used before, or its lease is over");
    }

    @Test
    void anEngineThatIsNotKnownIsToldSo() throws Exception {
        home.known = false;

        assertThat(engine(FakeEngineHome.TOKEN, FakeEngineHome.SECRET).heartbeat(false, 0, 0))
                .isEqualTo(HomeCommand.UNKNOWN);
        assertThat(home.told).isEmpty();
    }

    @Test
    void anEngineGetsItsUsersTokensThatNobodyElseCanRead() throws Exception {
        cluster.handingOut(engine -> completedFuture(("tokens of " + engine.user()).getBytes(UTF_8)));
        String question = "tag=" + FakeEngineHome.TAG + "&user=bob";
        String signature = sign(FakeEngineHome.SECRET, HomeClient.TOKENS, NOW.minusMillis(1), question);

        HttpResponse<String> seen = post(HomeClient.TOKENS, FORM, signature, question);
        String sealed = HomeForm.parse(seen.body()).get("tokens");

        assertThat(engine(FakeEngineHome.TOKEN, FakeEngineHome.SECRET).tokens())
                .asString()
                .isEqualTo("tokens of alice");
        assertThat(SealedTokens.open(FakeEngineHome.SECRET, signature, sealed))
                .asString()
                .isEqualTo("tokens of alice");
        assertThatThrownBy(() -> SealedTokens.open("other", signature, sealed)).hasMessageStartingWith("Sealed tokens");
    }

    @Test
    void givesNoTokensWithoutARightSignature() throws Exception {
        String question = "tag=" + FakeEngineHome.TAG;
        String others = sign("other", HomeClient.TOKENS, NOW, question);

        assertThat(post(HomeClient.TOKENS, FORM, "", question).statusCode()).isEqualTo(401);
        assertThat(post(HomeClient.TOKENS, FORM, others, question).statusCode()).isEqualTo(401);
    }

    @Test
    void givesNoTokensToAnEngineThatIsNotKnown() throws Exception {
        home.known = false;
        String question = "tag=" + FakeEngineHome.TAG;

        HttpResponse<String> answer =
                post(HomeClient.TOKENS, FORM, sign(FakeEngineHome.SECRET, HomeClient.TOKENS, NOW, question), question);

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void anEngineOfAClusterThatAsksForNoTokensGetsNone() throws Exception {
        assertThat(engine(FakeEngineHome.TOKEN, FakeEngineHome.SECRET).tokens()).isEmpty();
    }

    @Test
    void tellsAnEngineToAskAgainWhileTheClusterCannotGiveTokens() throws Exception {
        cluster.handingOut(engine -> failedFuture(
                new GatewayException(ErrorCode.ENGINE_LAUNCH_FAILED, "no tokens for alice:\nnobody answers")));
        String question = "tag=" + FakeEngineHome.TAG;

        HttpResponse<String> answer =
                post(HomeClient.TOKENS, FORM, sign(FakeEngineHome.SECRET, HomeClient.TOKENS, NOW, question), question);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("no tokens for alice:?nobody answers");
    }

    @Test
    void sendsNoMoreTokensThanAnEngineTakes() throws Exception {
        cluster.handingOut(engine -> completedFuture(new byte[SealedTokens.MAX_BYTES + 1]));

        assertThatThrownBy(() ->
                        engine(FakeEngineHome.TOKEN, FakeEngineHome.SECRET).tokens())
                .hasMessageEndingWith("status 503 The cluster's tokens have 1048577 bytes, more than 1048576");
    }

    /** So that an engine can ask for tokens, which takes long, beside its heartbeats. */
    @Test
    void takesCallsOfDifferentKindsInAnyOrder() throws Exception {
        String question = "tag=" + FakeEngineHome.TAG;
        post(HomeClient.HEARTBEAT, FORM, sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, NOW, BEAT), BEAT);

        HttpResponse<String> answer = post(
                HomeClient.TOKENS,
                FORM,
                sign(FakeEngineHome.SECRET, HomeClient.TOKENS, NOW.minusMillis(1), question),
                question);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void takesNothingWithoutARightSignature() throws Exception {
        String good = sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, NOW, BEAT);

        assertThat(post(HomeClient.HEARTBEAT, FORM, "", BEAT).statusCode()).isEqualTo(401);
        assertThat(post(HomeClient.HEARTBEAT, FORM, sign("other", HomeClient.HEARTBEAT, NOW, BEAT), BEAT)
                        .statusCode())
                .isEqualTo(401);
        assertThat(post(HomeClient.HEARTBEAT, FORM, good, BEAT.replace("sessions=2", "sessions=0"))
                        .statusCode())
                .isEqualTo(401);
        String body = "tag=" + FakeEngineHome.TAG + "&reason=x";
        assertThat(post(HomeClient.LEAVE, FORM, sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, NOW, body), body)
                        .statusCode())
                .isEqualTo(401);
        assertThat(home.told).isEmpty();
    }

    @Test
    void takesNoOldSignature() throws Exception {
        Instant longAgo = NOW.minus(Signature.MAX_BEHIND).minusMillis(1);

        HttpResponse<String> answer = post(
                HomeClient.HEARTBEAT, FORM, sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, longAgo, BEAT), BEAT);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .isEqualTo("The signature is wrong, or the engine's clock is more than 5 minutes behind or 4 ahead");
    }

    @Test
    void takesNoSignatureTwice() throws Exception {
        String signature = sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, NOW, BEAT);
        assertThat(post(HomeClient.HEARTBEAT, FORM, signature, BEAT).statusCode())
                .isEqualTo(200);

        HttpResponse<String> again = post(HomeClient.HEARTBEAT, FORM, signature, BEAT);

        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).isEqualTo("A request signed at this time or later was here before");
        assertThat(home.told).hasSize(1);
    }

    @Test
    void takesNoSignatureTwiceThatIsAsFarAheadAsOneMayBe() throws Exception {
        Instant ahead = NOW.plus(Signature.MAX_AHEAD);
        String signature = sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, ahead, BEAT);
        assertThat(post(HomeClient.HEARTBEAT, FORM, signature, BEAT).statusCode())
                .isEqualTo(200);

        assertThat(post(HomeClient.HEARTBEAT, FORM, signature, BEAT).statusCode())
                .isEqualTo(401);
        String tooFar = sign(FakeEngineHome.SECRET, HomeClient.HEARTBEAT, ahead.plusMillis(1), BEAT);
        assertThat(post(HomeClient.HEARTBEAT, FORM, tooFar, BEAT).statusCode()).isEqualTo(401);
        assertThat(home.told).hasSize(1);
    }

    @Test
    void hearsAnEngineAfterTheClocksWereSetBack() throws Exception {
        MovableClock clock = new MovableClock();
        try (HomeServer moved =
                new HomeServer(HomeServerConfig.of("127.0.0.1", 0, HEARTBEAT), home, tokens, loops, clock)) {
            moved.start();
            HomeClient engine = new HomeClient(
                    launch("http://127.0.0.1:" + moved.port(), FakeEngineHome.TOKEN, FakeEngineHome.SECRET), clock);
            engine.heartbeat(false, 1, 1);

            for (Duration back : List.of(MINUTES, Signature.MAX_BEHIND, Duration.ofHours(3))) {
                clock.advance(back.negated());
                engine.heartbeat(false, 1, 1);
                clock.advance(HEARTBEAT);
                engine.heartbeat(false, 1, 1);
            }

            assertThat(home.told).hasSize(7);
        }
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithARegistration() throws Exception {
        assertRefused(
                REGISTRATION.replace("tag=torii-", "tag=../"),
                "Field tag is not a launch tag (expected: torii- and 32 hex digits)");
        assertRefused(REGISTRATION.replace("the-token", ""), "Field token is missing");
        assertRefused(
                REGISTRATION.replace("port=4711", "port=65536"), "Field port is not a whole number from 1 to 65535");
        assertRefused(REGISTRATION.replace("port=4711", "port=-1"), "Field port is not a whole number from 1 to 65535");
        assertRefused(
                REGISTRATION.replace("host=127.0.0.1", "host=a%2Fb%3F"),
                "engine host is neither a name nor an address");
        assertRefused(
                REGISTRATION.replace("version=Spark", "version=%0Aforged"),
                "engine version is too long or holds control characters");
        assertRefused(REGISTRATION + "&port=1", "Not a form of ours: a field is there twice");
        assertRefused(REGISTRATION + "&x=%zz", "Not a form: malformed percent-encoding");
        assertRefused("what is this", "Not a form: a field has no name or no value");
        assertThat(home.told).isEmpty();
    }

    @Test
    void refusesAnEngineWithoutACommonWireVersion() throws Exception {
        HttpResponse<String> answer =
                post(HomeClient.REGISTER, FORM, "", REGISTRATION.replace("wire-oldest=1", "wire-oldest=2"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .isEqualTo("This gateway speaks wire versions 1-1, the engine 2-3: upgrade the older one");
    }

    @Test
    void refusesOtherTypesMethodsPathsAndSizes() throws Exception {
        assertThat(post(HomeClient.REGISTER, "application/json", "", "{}").statusCode())
                .isEqualTo(415);
        assertThat(get(HomeClient.REGISTER).statusCode()).isEqualTo(405);
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/engine/v1/../v1/ping").statusCode()).isEqualTo(404);
        assertThat(post(HomeClient.REGISTER, FORM, "", "x=" + "y".repeat(100_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void answersPings() throws Exception {
        HttpResponse<String> pong = get("/engine/v1/ping");

        assertThat(pong.statusCode()).isEqualTo(200);
        assertThat(pong.body()).isEqualTo("pong");
    }

    @Test
    void tellsEnginesToTryAgainWhileTheStoreIsAway() throws Exception {
        home.failure = new GatewayException(ErrorCode.STORE_UNAVAILABLE, "The store does not answer");
        HttpResponse<String> passing = post(HomeClient.REGISTER, FORM, "", REGISTRATION);
        home.failure = new IllegalStateException("a secret detail");
        HttpResponse<String> broken = post(HomeClient.REGISTER, FORM, "", REGISTRATION);

        assertThat(passing.statusCode()).isEqualTo(503);
        assertThat(passing.body()).isEqualTo("The store does not answer");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).isEqualTo("The gateway failed; its log says why");
    }

    @Test
    void closesOnWhoeverDoesNotFinishARequest() throws Exception {
        HomeServerConfig impatient = new HomeServerConfig("127.0.0.1", 0, HEARTBEAT, 10, Duration.ofMillis(200));
        try (HomeServer strict = new HomeServer(impatient, home, tokens, loops, CLOCK)) {
            strict.start();
            try (Socket slow = socket(strict.port())) {
                slow.getOutputStream().write("POST /engine/v1/register HT".getBytes(StandardCharsets.US_ASCII));
                assertThat(slow.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void closesConnectionsBeyondTheLimit() throws Exception {
        HomeServerConfig small = new HomeServerConfig("127.0.0.1", 0, HEARTBEAT, 2, Duration.ofSeconds(30));
        try (HomeServer strict = new HomeServer(small, home, tokens, loops, CLOCK)) {
            strict.start();
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sockets.add(socket(strict.port()));
            }

            assertThat(sockets.get(2).getInputStream().read()).isEqualTo(-1);

            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void saysInOneSentenceThatThePortIsTaken() {
        HomeServer second =
                new HomeServer(HomeServerConfig.of("127.0.0.1", server.port(), HEARTBEAT), home, tokens, loops, CLOCK);

        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot listen for engines on 127.0.0.1:" + server.port());
    }

    private void assertRefused(String body, String sentence) throws Exception {
        HttpResponse<String> answer = post(HomeClient.REGISTER, FORM, "", body);

        assertThat(answer.body()).isEqualTo(sentence);
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    private HomeClient engine(String token, String secret) {
        return new HomeClient(launch(base(), token, secret), CLOCK);
    }

    private static LaunchFile launch(String gateway, String token, String secret) {
        return LaunchFile.of(Map.of(
                LaunchFile.TAG,
                FakeEngineHome.TAG.value(),
                LaunchFile.TOKEN,
                token,
                LaunchFile.SECRET,
                secret,
                LaunchFile.GATEWAYS,
                gateway,
                LaunchFile.USER,
                "alice",
                LaunchFile.SHARE_LEVEL,
                "user"));
    }

    private HttpResponse<String> post(String path, String type, String signature, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!signature.isEmpty()) {
            request.header(Signature.HEADER, signature);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String base() {
        return "http://127.0.0.1:" + server.port();
    }

    private static String sign(String secret, String path, Instant at, String body) {
        return Signature.sign(secret, path, at.toEpochMilli(), body);
    }

    private static Socket socket(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        return socket;
    }
}
