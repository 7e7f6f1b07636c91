package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.frontend.thrift.fuzz.HostileStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;

/** All that the gateway said on one connection: must be what its client can read. */
final class Transcript {
    private static final int SASL_COMPLETE = 5;

    private final ByteBuffer said;
    private final byte[] heard;

    private Transcript(byte[] said, byte[] heard) {
        this.said = ByteBuffer.wrap(said);
        this.heard = heard;
    }

    static Transcript of(byte[] said, HostileStream input) {
        return new Transcript(said, input.bytes());
    }

    /** @param open whether the connection is, after all that was sent */
    void check(boolean open) {
        if (heard.length == 0) {
            assertThat(said.remaining()).isZero();
            return;
        }
        int first = heard[0] & 0xff;
        if (first == 0x80) {
            messages(said);
        } else if (first == 1) {
            negotiation();
        } else {
            assertThat(open).as("open to what is not spoken here").isFalse();
            String text = new String(said.array(), StandardCharsets.ISO_8859_1);
            if (first == 0x16) {
                assertThat(said.remaining()).as("a TLS alert").isEqualTo(7);
            } else if (first >= 'A' && first <= 'Z') {
                assertThat(text).startsWith("HTTP/1.1 400 ").endsWith("\n");
            } else {
                assertThat(text).isEmpty();
            }
        }
    }

    private void negotiation() {
        while (said.hasRemaining()) {
            int status = said.get();
            byte[] sentence = new byte[said.getInt()];
            said.get(sentence);
            assertThat(status).isBetween(2, SASL_COMPLETE);
            if (status == SASL_COMPLETE) {
                frames();
            } else {
                assertThat(status == SaslLogin.OK || !said.hasRemaining())
                        .as("nothing after a refusal")
                        .isTrue();
            }
        }
    }

    private void frames() {
        ByteArrayOutputStream payloads = new ByteArrayOutputStream();
        while (said.hasRemaining()) {
            byte[] payload = new byte[said.getInt()];
            said.get(payload);
            payloads.writeBytes(payload);
        }
        messages(ByteBuffer.wrap(payloads.toByteArray()));
    }

    private static void messages(ByteBuffer bytes) {
        try {
            TMemoryInputTransport in = new TMemoryInputTransport(bytes.array(), bytes.position(), bytes.remaining());
            TBinaryProtocol protocol = new TBinaryProtocol(in, true, true);
            while (in.getBytesRemainingInBuffer() > 0) {
                TMessage message = protocol.readMessageBegin();
                assertThat(message.type).isIn(TMessageType.REPLY, TMessageType.EXCEPTION);
                TProtocolUtil.skip(protocol, TType.STRUCT);
            }
        } catch (TException e) {
            throw new AssertionError("the gateway's answer cannot be read", e);
        }
        bytes.position(bytes.limit());
    }
}
