package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2UnknownFrame;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClientStreamTest {
    private final CompletableFuture<WireStream> head = new CompletableFuture<>();
    private final EmbeddedChannel stream = stream(head);

    @Test
    void isTornDownByAnAnswerThatBeginsWithItsBody() {
        ByteBuf body = Unpooled.wrappedBuffer(new byte[8]);

        stream.writeInbound(new DefaultHttp2DataFrame(body, false));

        assertThat(head).isDone();
        assertThatThrownBy(head::join).hasMessageContaining("The engine's answer to Page begins without a status");
        assertThat(body.refCnt()).isZero();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void isTornDownByAnAnswerWithoutAStatus() {
        stream.writeInbound(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("fine"), false));

        assertThat(head).isDone();
        assertThatThrownBy(head::join).hasMessageContaining("The engine's answer to Page begins without a status");
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void readsOnWhereAFrameSaysNothing() {
        Reads reads = new Reads();
        stream.pipeline().addFirst(reads);

        stream.writeInbound(unknown());
        assertThat(reads.count).as("for the head").isEqualTo(1);
        stream.writeInbound(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
        stream.writeInbound(unknown());
        assertThat(reads.count).as("while nobody wants a part").isEqualTo(1);

        CompletableFuture<Optional<ByteBuf>> part = head.join().next();
        stream.writeInbound(unknown());
        stream.writeInbound(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("a", "trailer"), false));
        stream.writeInbound(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, false));
        assertThat(reads.count).as("for the part").isEqualTo(1 + 4);
        stream.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[3]), true));

        assertThat(part.join()).hasValueSatisfying(bytes -> {
            assertThat(bytes.readableBytes()).isEqualTo(3);
            bytes.release();
        });
    }

    private static Http2UnknownFrame unknown() {
        return new DefaultHttp2UnknownFrame((byte) 0x11, new Http2Flags());
    }

    private static final class Reads extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(ChannelHandlerContext context) {
            count++;
            context.read();
        }
    }

    private static EmbeddedChannel stream(CompletableFuture<WireStream> head) {
        ClientConnection connection =
                new ClientConnection("engine", 1 << 20, new Handshake.Gateway("secret", Handshake.Versions.OURS));
        WireCall call = WireCall.of(FakeEngine.PAGE, new byte[0]);
        return new EmbeddedChannel(new ClientStream(connection, call, ImmediateEventExecutor.INSTANCE, head));
    }
}
