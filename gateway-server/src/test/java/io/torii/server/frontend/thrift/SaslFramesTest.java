package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.junit.jupiter.api.Test;

class SaslFramesTest {
    private static final TSessionHandle SESSION =
            Handles.of(new io.torii.api.session.SessionId(new java.util.UUID(1, 2)));

    private static List<String> names(byte[] stream, int cut) {
        EmbeddedChannel channel = new EmbeddedChannel(
                new SaslFrames(1000), new MessageDecoder(TestGateway.LIMITS, new MessageBudget(0).share()));
        channel.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
        channel.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));
        List<String> names = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof Inbound.Message whole) {
                names.add(whole.header().name() + whole.header().seqId());
                whole.arguments().release();
            } else {
                names.add(((Inbound.Fault) message).problem());
            }
        }
        channel.finishAndReleaseAll();
        return names;
    }

    private static byte[] two() throws Exception {
        return Messages.join(
                Messages.call("CloseSession", 1, new TCLIService.CloseSession_args(new TCloseSessionReq(SESSION))),
                Messages.call("GetCatalogs", 2, new TCLIService.GetCatalogs_args(new TGetCatalogsReq(SESSION))));
    }

    @Test
    void findsSeveralMessagesInOneFrameCutAnywhere() throws Exception {
        byte[] stream = Messages.frame(two());
        for (int cut = 0; cut <= stream.length; cut++) {
            assertThat(names(stream, cut)).as("cut at %s", cut).containsExactly("CloseSession1", "GetCatalogs2");
        }
    }

    @Test
    void findsMessagesThatSpanFrames() throws Exception {
        byte[] messages = two();
        for (int first = 0; first <= messages.length; first++) {
            byte[] stream = Messages.join(
                    Messages.frame(java.util.Arrays.copyOf(messages, first)),
                    Messages.frame(new byte[0]),
                    Messages.frame(java.util.Arrays.copyOfRange(messages, first, messages.length)));

            assertThat(names(stream, stream.length / 2))
                    .as("first frame of %s bytes", first)
                    .containsExactly("CloseSession1", "GetCatalogs2");
        }
    }

    @Test
    void refusesAFrameThatIsTooLong() {
        assertThat(names(new byte[] {0x7f, 0, 0, 0, 1}, 2))
                .containsExactly("A SASL frame announces 2130706432 bytes, allowed are 1000");
        assertThat(names(new byte[] {-1, 0, 0, 0, 1}, 5))
                .containsExactly("A SASL frame announces -16777216 bytes, allowed are 1000");
    }

    @Test
    void writesEveryBufferAsAFrame() {
        EmbeddedChannel channel = new EmbeddedChannel(new SaslFrames(1000));
        channel.writeOutbound(Unpooled.copiedBuffer("ab", StandardCharsets.UTF_8));

        ByteBuf head = channel.readOutbound();
        ByteBuf payload = channel.readOutbound();

        assertThat(head.readInt()).isEqualTo(2);
        assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
        head.release();
        payload.release();
    }
}
