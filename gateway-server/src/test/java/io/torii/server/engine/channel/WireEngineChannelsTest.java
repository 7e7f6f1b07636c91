package io.torii.server.engine.channel;

import static io.torii.server.engine.channel.WireEngineChannelTest.answer;
import static io.torii.server.engine.channel.WireEngineChannelTest.failure;
import static io.torii.server.engine.channel.WireEngineChannelTest.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EngineChannel;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import io.torii.wire.WireServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCancelOperationResp;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireEngineChannelsTest {
    private static final StatementId STATEMENT = StatementId.random(SessionId.random());

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final FakeEngine engine = new FakeEngine();
    private final WireEngineChannels channels = new WireEngineChannels(
            new WireConnector(loops, Runnable::run, WireOptions.defaults().loginTimeout(Duration.ofMillis(300))),
            ChannelTimes.defaults(),
            "a gateway");

    @AfterEach
    void close() {
        channels.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void concurrentCallersShareOneAttempt() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            RunningEngine hanging = running(mute.getLocalPort(), FakeEngine.SECRET);
            List<CompletableFuture<EngineChannel>> callers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                callers.add(channels.channelTo(hanging));
            }
            mute.setSoTimeout(20_000);
            try (Socket first = mute.accept()) {
                for (CompletableFuture<EngineChannel> caller : callers) {
                    GatewayException failure = failure(GatewayException.class, caller);
                    assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_UNREACHABLE);
                    assertThat(failure).hasMessageContaining("did not prove itself within 300 ms");
                }
                assertThat(first.isConnected()).isTrue();
            }
            mute.setSoTimeout(1);
            assertThat(accepts(mute)).isFalse();
        }
    }

    @Test
    void oneCallerWhoGivesUpDoesNotTakeTheConnectionFromTheOthers() throws Exception {
        try (WireServer server = start(0)) {
            RunningEngine running = running(server.port(), FakeEngine.SECRET);
            CompletableFuture<EngineChannel> first = channels.channelTo(running);
            CompletableFuture<EngineChannel> second = channels.channelTo(running);

            first.cancel(false);

            answer(answer(second).cancel(STATEMENT));
        }
    }

    @Test
    void aLostConnectionIsMadeAnew() throws Exception {
        WireServer server = start(0);
        RunningEngine running = running(server.port(), FakeEngine.SECRET);
        EngineChannel before = answer(channels.channelTo(running));
        server.close();
        answer(before.lost());
        GatewayException away = failure(GatewayException.class, channels.channelTo(running));
        assertThat(away.code()).isEqualTo(ErrorCode.ENGINE_UNREACHABLE);

        try (WireServer again = start(running.port())) {
            assertThat(again.port()).isEqualTo(running.port());
            answer(answer(channels.channelTo(running)).cancel(STATEMENT));
        }
    }

    @Test
    void anImpostorIsNotSpokenTo() throws Exception {
        try (WireServer server = start(0)) {
            GatewayException failure =
                    failure(GatewayException.class, channels.channelTo(running(server.port(), "another-secret")));

            assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_UNREACHABLE);
            assertThat(failure).hasMessageEndingWith("What answered did not prove that it is the engine");
        }
    }

    @Test
    void makesNoConnectionsOnceClosed() throws Exception {
        try (WireServer server = start(0)) {
            EngineChannel channel = answer(channels.channelTo(running(server.port(), FakeEngine.SECRET)));

            channels.close();

            answer(channel.lost());
            assertThat(failure(GatewayException.class, channels.channelTo(running(server.port(), FakeEngine.SECRET)))
                            .code())
                    .isEqualTo(ErrorCode.SHUTTING_DOWN);
        }
    }

    private WireServer start(int port) throws IOException {
        engine.answers("CancelOperation", new TCancelOperationResp(new TStatus(TStatusCode.SUCCESS_STATUS)));
        return WireServer.start(
                "127.0.0.1",
                port,
                FakeEngine.SECRET,
                engine,
                WireOptions.defaults().threads(1));
    }

    private static boolean accepts(ServerSocket socket) throws IOException {
        try (Socket another = socket.accept()) {
            return another.isConnected();
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
