package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LanedConnectionTest {
    private static final String SECRET = "the secret of this engine";
    private static final int TURNS = 20;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final WireOptions options = WireOptions.defaults().closeGrace(Duration.ofMillis(500));
    private WireServer server;
    private LanedConnection connection;

    @BeforeEach
    void connect() throws Exception {
        server = WireServer.start("127.0.0.1", 0, SECRET, new FakeEngine(), options);
        connection = (LanedConnection) Answers.of(
                new WireConnector(loops, Runnable::run, options).connect("127.0.0.1", server.port(), SECRET));
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The loops on which the first parts of streams arrive that were asked for on this one. */
    private Set<EventLoop> arrivals(EventExecutor on) throws Exception {
        Set<EventLoop> arrived = ConcurrentHashMap.newKeySet();
        for (int turn = 0; turn < TURNS; turn++) {
            CompletableFuture<WireStream> stream = new CompletableFuture<>();
            on.execute(() -> connection.stream(WireCall.of(FakeEngine.ECHO, new byte[] {1, 2, 3}))
                    .whenComplete((head, failure) -> {
                        loops.forEach(loop -> {
                            if (loop.inEventLoop()) {
                                arrived.add((EventLoop) loop);
                            }
                        });
                        stream.complete(head);
                    }));
            ByteBuf part = Answers.of(Answers.of(stream).next()).get();
            assertThat(part.readableBytes()).isEqualTo(3);
            part.release();
        }
        return arrived;
    }

    private EventExecutor other() {
        EventExecutor next = loops.next();
        return next == connection.mainLoop() ? loops.next() : next;
    }

    @Test
    void streamsArriveOnTheLoopThatAsksForManyOfThem() throws Exception {
        EventExecutor other = other();

        assertThat(arrivals(other)).contains((EventLoop) connection.mainLoop(), (EventLoop) other);
        assertThat(arrivals(other)).containsExactly((EventLoop) other);
        assertThat(arrivals(connection.mainLoop())).containsExactly((EventLoop) connection.mainLoop());
        assertThat(connection.laneEnds()).hasSize(1);
    }

    @Test
    void lanesEndWithTheirConnection() throws Exception {
        arrivals(other());
        List<CompletableFuture<Void>> ends = connection.laneEnds();

        connection.close();

        assertThat(ends).hasSize(1);
        Answers.of(ends.get(0));
        assertThat(Answers.failureOf(connection.stream(WireCall.of(FakeEngine.ECHO, new byte[0])))
                        .status())
                .isEqualTo(WireException.DISCONNECTED);
    }
}
