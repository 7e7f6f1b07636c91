package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers at an engine's port are bounded in number and time; gateways that have logged in are not counted. */
@Timeout(120)
class WireFloodTest {
    private static final int MOST_STRANGERS = 256;
    private static final int FLOOD = 1_000;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final List<Socket> strangers = new ArrayList<>();
    private WireServer server;

    @AfterEach
    void close() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void strangersAreRefusedAboveALimitAndTheGatewayNoticesNothing() throws Exception {
        WireOptions options = WireOptions.defaults().loginTimeout(Duration.ofSeconds(60));
        server = WireServer.start("127.0.0.1", 0, "secret", new FakeEngine(), options);
        WireConnection gateway = Answers.of(connect(options));
        for (int stranger = 0; stranger < FLOOD; stranger++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.setSoTimeout(20_000);
            strangers.add(socket);
            if (stranger % 10 == 0) {
                isServed(gateway);
            }
        }

        int taken = 0;
        for (Socket stranger : strangers) {
            taken += isTaken(stranger) ? 1 : 0;
        }
        for (Socket stranger : strangers) {
            stranger.close();
        }

        assertThat(taken).isEqualTo(MOST_STRANGERS);
        isServed(gateway);
        isServed(eventually(options));
    }

    /** Who is let in hears the settings of HTTP/2 first; who is not hears nothing. */
    private static boolean isTaken(Socket stranger) {
        try {
            return stranger.getInputStream().read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("neither taken nor refused", e);
        } catch (IOException e) {
            return false;
        }
    }

    /** The engine may hear that strangers are gone a moment after they are. */
    private WireConnection eventually(WireOptions options) throws Exception {
        ExecutionException last = null;
        for (int attempt = 0; attempt < 1_000; attempt++) {
            try {
                return Answers.of(connect(options));
            } catch (ExecutionException e) {
                last = e;
            }
        }
        throw last;
    }

    private static void isServed(WireConnection gateway) throws Exception {
        assertThat(Answers.of(gateway.call(WireCall.of(FakeEngine.ECHO, new byte[] {7})))
                        .body())
                .containsExactly(7);
    }

    private CompletableFuture<WireConnection> connect(WireOptions options) {
        return new WireConnector(loops, Runnable::run, options).connect("127.0.0.1", server.port(), "secret");
    }
}
