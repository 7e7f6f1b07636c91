package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/**
 * A gateway and an engine on a line that changes what one of them says: the other ends every call, with an answer or a
 * failure, and keeps no buffer.
 */
class WirePeerFuzzTest {
    private static final WireOptions OPTIONS = WireOptions.defaults().closeGrace(Duration.ofMillis(1));

    /** A change to one byte, so many bytes from the beginning. */
    private static final class Change {
        private final int at;
        private final int bits;

        Change(int at, int bits) {
            this.at = at;
            this.bits = bits;
        }

        @Override
        public String toString() {
            return at + "^" + bits;
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aCrookedEngineHarmsNoGateway(@ForAll("changes") List<Change> changes) {
        converse(changes, false);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aCrookedGatewayHarmsNoEngine(@ForAll("changes") List<Change> changes) {
        converse(changes, true);
    }

    @Tag("long")
    @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
    void aCrookedEngineHarmsNoGatewayInTheLongRun(@ForAll("changes") List<Change> changes) {
        converse(changes, false);
    }

    @Tag("long")
    @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
    void aCrookedGatewayHarmsNoEngineInTheLongRun(@ForAll("changes") List<Change> changes) {
        converse(changes, true);
    }

    @Tag("long")
    @Example
    void noBitOfAnAnswersBeginningIsWorthACallThatNeverEnds() {
        for (int bit = 0; bit < 8 * 700; bit++) {
            converse(Collections.singletonList(new Change(bit / 8, 1 << bit % 8)), false);
        }
    }

    private static void converse(List<Change> changes, boolean gatewayIsCrooked) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        ServerConnection engine = new ServerConnection(
                new Handshake.Engine("secret", Handshake.Versions.OURS), Duration.ofSeconds(10), () -> {});
        FakeEngine handler = new FakeEngine();
        EmbeddedChannel server = new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.config().setAllocator(allocator);
                channel.closeFuture().addListener(done -> engine.gone());
                WirePipeline.server(
                        channel,
                        OPTIONS,
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                engine.countStream();
                                stream.pipeline().addLast(new ServerStream(engine, handler, 1 << 20));
                            }
                        },
                        engine);
            }
        });
        ClientConnection gateway =
                new ClientConnection("engine", 1 << 20, new Handshake.Gateway("secret", Handshake.Versions.OURS));
        EmbeddedChannel client = new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.config().setAllocator(allocator);
                WirePipeline.client(channel, OPTIONS, gateway);
            }
        });
        Line line = new Line(client, server, changes, gatewayIsCrooked);

        CompletableFuture<Void> login = gateway.login();
        line.carry();
        CompletableFuture<WireReply> echo =
                gateway.call(WireCall.of(FakeEngine.ECHO, new byte[300]).with(WireProtocol.SESSION, "x"));
        CompletableFuture<WireStream> page =
                gateway.stream(WireCall.of(FakeEngine.PAGE, new byte[0]).with(FakeEngine.SIZE, "40000"));
        line.carry();
        CompletableFuture<Void> read = page.thenCompose(WirePeerFuzzTest::readAll);
        line.carry();
        end(client);
        end(server);
        line.carry();

        assertThat(login).isDone();
        assertThat(echo).isDone();
        assertThat(read).isDone();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes that are not released")
                .isZero();
    }

    private static CompletableFuture<Void> readAll(WireStream stream) {
        return stream.next().thenCompose(part -> {
            part.ifPresent(ByteBuf::release);
            return part.isPresent() ? readAll(stream) : CompletableFuture.completedFuture(null);
        });
    }

    /** As if the line had been cut. */
    private static void end(EmbeddedChannel channel) {
        if (channel.isOpen()) {
            channel.pipeline().firstContext().close();
        }
        channel.runPendingTasks();
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
        channel.finishAndReleaseAll();
    }

    /** Carries what both say until they are silent; changes what one of them says. */
    private static final class Line {
        private final EmbeddedChannel client;
        private final EmbeddedChannel server;
        private final List<Change> changes;
        private final boolean gatewayIsCrooked;
        private int changed;

        Line(EmbeddedChannel client, EmbeddedChannel server, List<Change> changes, boolean gatewayIsCrooked) {
            this.client = client;
            this.server = server;
            this.changes = changes;
            this.gatewayIsCrooked = gatewayIsCrooked;
        }

        void carry() {
            boolean something = true;
            while (something) {
                client.runPendingTasks();
                server.runPendingTasks();
                boolean there = carry(client, server, gatewayIsCrooked);
                boolean back = carry(server, client, !gatewayIsCrooked);
                something = there || back;
            }
        }

        private boolean carry(EmbeddedChannel from, EmbeddedChannel to, boolean crooked) {
            boolean something = false;
            for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
                something = true;
                if (crooked && bytes.isReadable()) {
                    bytes = changed(bytes);
                }
                if (to.isOpen()) {
                    to.writeInbound(bytes);
                } else {
                    bytes.release();
                }
            }
            return something;
        }

        private ByteBuf changed(ByteBuf bytes) {
            ByteBuf copy = bytes.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
            for (Change change : changes) {
                int index = change.at - changed;
                if (index >= 0 && index < copy.readableBytes()) {
                    copy.setByte(index, copy.getByte(index) ^ change.bits);
                }
            }
            changed += copy.readableBytes();
            return copy;
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 1_500),
                                Arbitraries.integers().between(0, 42_000)),
                        Arbitraries.integers().between(1, 255))
                .as(Change::new)
                .list()
                .ofMaxSize(4);
    }
}
