package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireLoginTest {
    private static final byte[] NOTHING = {};

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final FakeEngine engine = new FakeEngine();
    private WireServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theGatewayLeavesAnEngineWithAnotherSecret() throws Exception {
        start(WireOptions.defaults());

        WireException failure =
                Answers.failureOf(connector(WireOptions.defaults()).connect("127.0.0.1", port(), "other"));

        assertThat(failure.status()).isEqualTo(WireProtocol.UNAUTHENTICATED);
        assertThat(failure).hasMessage("What answered did not prove that it is the engine");
    }

    @Test
    void theEngineClosesOnAGatewayThatReflectsItsProof() throws Exception {
        start(WireOptions.defaults());
        WireConnection stranger = RawGateway.connect(loops, port());
        WireReply hello = Answers.of(stranger.call(new Handshake.Gateway("guess", Handshake.Versions.OURS).hello()));

        WireCall reflected = WireCall.of(WireProtocol.PROVE, NOTHING)
                .with(Handshake.PROOF, hello.header(Handshake.PROOF).orElse(""));
        WireException refused = Answers.failureOf(stranger.call(reflected));

        assertThat(refused.status()).isEqualTo(WireProtocol.UNAUTHENTICATED);
        Answers.of(stranger.closed());
    }

    @Test
    void theEngineAnswersNothingBeforeTheHandshake() throws Exception {
        start(WireOptions.defaults());
        WireConnection stranger = RawGateway.connect(loops, port());

        WireException refused = Answers.failureOf(stranger.call(WireCall.of(FakeEngine.ECHO, NOTHING)));

        assertThat(refused.status()).isEqualTo(WireProtocol.UNAUTHENTICATED);
        Answers.of(stranger.closed());
    }

    @Test
    void theEngineTakesNoBodiesBeforeTheHandshake() throws Exception {
        start(WireOptions.defaults());
        WireConnection stranger = RawGateway.connect(loops, port());

        WireException refused = Answers.failureOf(stranger.call(WireCall.of(WireProtocol.HELLO, new byte[100_000])));

        assertThat(refused.status()).isEqualTo(WireProtocol.TOO_LARGE);
        Answers.of(stranger.closed());
    }

    @Test
    void theEngineCutsOffWhoeverCallsAgainAndAgainWithoutALogin() throws Exception {
        start(WireOptions.defaults());
        WireConnection stranger = RawGateway.connect(loops, port());
        WireCall hello = new Handshake.Gateway("guess", Handshake.Versions.OURS).hello();
        Answers.of(stranger.call(hello));

        for (int call = 0; call < 20; call++) {
            stranger.call(hello);
        }

        Answers.of(stranger.closed());
    }

    @Test
    void theGatewayLeavesAnEngineThatSendsCrumbs() throws Exception {
        EmbeddedChannel guarded = new EmbeddedChannel(new FrameGuard());

        for (int frame = 0; frame < 10_001; frame++) {
            guarded.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[1]), false));
        }

        assertThat(guarded.isOpen()).isFalse();
        guarded.releaseInbound();
    }

    @Test
    void smallFramesAmongLargeOnesAreWelcome() {
        EmbeddedChannel guarded = new EmbeddedChannel(new FrameGuard());

        for (int frame = 0; frame < 20_000; frame++) {
            guarded.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[1]), false));
            guarded.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[4_096]), false));
        }

        assertThat(guarded.isOpen()).isTrue();
        guarded.finishAndReleaseAll();
    }

    @Test
    void bothSidesSayThatThereIsNoCommonVersion() throws Exception {
        start(WireOptions.defaults());
        WireConnector newer =
                new WireConnector(loops, Runnable::run, WireOptions.defaults(), new Handshake.Versions(7, 9));

        WireException failure = Answers.failureOf(newer.connect("127.0.0.1", port(), "secret"));

        assertThat(failure.status()).isEqualTo(WireProtocol.VERSION_MISMATCH);
        assertThat(failure)
                .hasMessage("Gateway and engine have no common wire version: the gateway speaks 7-9, the engine 1-1;"
                        + " upgrade the older one");
    }

    @Test
    void theEngineClosesOnWhoeverDoesNotLogIn() throws Exception {
        start(WireOptions.defaults().loginTimeout(Duration.ofMillis(100)));

        try (Socket silent = socket(port())) {
            assertThat(readToEnd(silent)).isNotNegative();
        }
    }

    @Test
    void theEngineClosesOnWhoeverDoesNotSpeakHttp2() throws Exception {
        start(WireOptions.defaults());

        try (Socket stranger = socket(port())) {
            stranger.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readToEnd(stranger)).isNotNegative();
        }
    }

    @Test
    void theGatewayGivesUpOnAnEngineThatSaysNothing() throws Exception {
        WireOptions options = WireOptions.defaults().loginTimeout(Duration.ofMillis(100));
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            WireException failure =
                    Answers.failureOf(connector(options).connect("127.0.0.1", mute.getLocalPort(), "secret"));

            assertThat(failure)
                    .hasMessage(
                            "The engine at 127.0.0.1:" + mute.getLocalPort() + " did not prove itself within 100 ms");
        }
    }

    @Test
    void theGatewayNoticesAnEngineThatHangs() throws Exception {
        start(WireOptions.defaults());
        WireOptions impatient = WireOptions.defaults().keepAlive(Duration.ofMillis(100), Duration.ofMillis(400));
        try (Tap tap = new Tap(port())) {
            WireConnection connection = Answers.of(connector(impatient).connect("127.0.0.1", tap.port(), "secret"));
            CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, NOTHING));
            engine.nextLater();

            tap.shut();

            assertThat(Answers.failureOf(answer)).hasMessageEndingWith("no answer for 400 ms");
            Answers.of(connection.closed());
        }
    }

    @Test
    void theEngineNoticesAGatewayThatHangs() throws Exception {
        start(WireOptions.defaults().keepAlive(Duration.ofMillis(100), Duration.ofMillis(400)));
        try (Tap tap = new Tap(port())) {
            WireConnection connection =
                    Answers.of(connector(WireOptions.defaults()).connect("127.0.0.1", tap.port(), "secret"));
            CompletableFuture<WireReply> unanswered = connection.call(WireCall.of(FakeEngine.LATER, NOTHING));
            CompletableFuture<WireReply> handler = engine.nextLater();

            tap.shut();

            assertThat(handler.handle((reply, failure) -> handler.isCancelled()).get(20, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(unanswered).isNotDone();
        }
    }

    @Test
    void anIdleConnectionStaysOpenByItsPings() throws Exception {
        WireOptions impatient = WireOptions.defaults().keepAlive(Duration.ofMillis(50), Duration.ofMillis(150));
        start(impatient);
        WireConnection connection = Answers.of(connector(impatient).connect("127.0.0.1", port(), "secret"));
        CompletableFuture<WireReply> answer = connection.call(WireCall.of(FakeEngine.LATER, NOTHING));
        CompletableFuture<WireReply> handler = engine.nextLater();

        loops.schedule(() -> handler.complete(WireReply.of(new byte[] {1})), 600, TimeUnit.MILLISECONDS);

        assertThat(Answers.of(answer).body()).containsExactly(1);
    }

    private void start(WireOptions options) throws IOException {
        server = WireServer.start("127.0.0.1", 0, "secret", engine, options);
    }

    private WireConnector connector(WireOptions options) {
        return new WireConnector(loops, Runnable::run, options);
    }

    private int port() {
        return server.port();
    }

    private static Socket socket(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static int readToEnd(Socket socket) throws IOException {
        int bytes = 0;
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            bytes++;
        }
        return bytes;
    }
}
