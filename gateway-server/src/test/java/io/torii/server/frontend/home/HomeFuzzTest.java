package io.torii.server.frontend.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.torii.server.engine.EngineTokens;
import io.torii.server.frontend.thrift.fuzz.Counted;
import io.torii.server.frontend.thrift.fuzz.HostileInputs;
import io.torii.wire.HomeClient;
import io.torii.wire.HomeForm;
import io.torii.wire.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever comes to the home's port: each request is answered or the connection closed, and nothing is kept of it. */
class HomeFuzzTest {
    private static final Counted INPUTS = new Counted("the home");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @AfterContainer
    static void count() {
        INPUTS.print();
    }

    @Property(tries = 1_500, edgeCases = EdgeCasesMode.NONE)
    void noPeerCanHarmTheHome(@ForAll("requests") byte[] request) {
        check(request);
    }

    @Tag("long")
    @Property(tries = 50_000, edgeCases = EdgeCasesMode.NONE)
    void noPeerCanHarmTheHomeInTheLongRun(@ForAll("requests") byte[] request) {
        check(request);
    }

    private static void check(byte[] request) {
        INPUTS.next();
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        FakeEngineHome home = new FakeEngineHome();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(64 * 1024),
                        new HomeConnection(
                                new HomeEndpoint(home, new EngineTokens(home, Map.of()), MINUTE, Clock.systemUTC()),
                                MINUTE));
        channel.writeInbound(allocator.buffer().writeBytes(request));
        channel.runPendingTasks();
        StringBuilder answers = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            answers.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }

        assertThat(answers.toString())
                .matches("(?s)(HTTP/1\\.[01] [1-5][0-9][0-9] .*)?")
                .doesNotContain(" 500 ");
        assertThat(home.told).as("done without a right signature").noneMatch(what -> what.startsWith("leave forged"));
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes that are not released")
                .isZero();
    }

    @Provide
    Arbitrary<byte[]> requests() {
        String register = new HomeForm()
                .add("tag", FakeEngineHome.TAG.value())
                .add("token", FakeEngineHome.TOKEN)
                .add("wire-oldest", 1)
                .add("wire-newest", 1)
                .add("host", "10.0.0.1")
                .add("port", 4_040)
                .encode();
        String leave = new HomeForm()
                .add("tag", FakeEngineHome.TAG.value())
                .add("reason", "forged")
                .encode();
        return HostileInputs.changed(List.of(
                bytes("GET /engine/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n"),
                post(HomeClient.REGISTER, register, ""),
                post(HomeClient.LEAVE, leave, "0:" + "0".repeat(64)),
                post(HomeClient.TOKENS, "tag=" + FakeEngineHome.TAG.value(), "0:" + "0".repeat(64)),
                post(HomeClient.HEARTBEAT, "tag=" + FakeEngineHome.TAG.value() + "&state=ready", "1")));
    }

    private static byte[] post(String path, String body, String signature) {
        return bytes("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + HomeForm.CONTENT_TYPE
                + "\r\n" + Signature.HEADER + ": " + signature + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
