package io.torii.server.frontend.thrift;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializer;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TMemoryBuffer;

/** Messages, frames and negotiations as bytes. */
final class Messages {
    private Messages() {}

    static byte[] call(String name, int seqId, TBase<?, ?> arguments) throws TException {
        return message(name, TMessageType.CALL, seqId, arguments);
    }

    static byte[] message(String name, byte type, int seqId, TBase<?, ?> arguments) throws TException {
        return join(head(name, type, seqId), new TSerializer(new TBinaryProtocol.Factory()).serialize(arguments));
    }

    static byte[] head(String name, byte type, int seqId) throws TException {
        TMemoryBuffer out = new TMemoryBuffer(64);
        new TBinaryProtocol(out).writeMessageBegin(new TMessage(name, type, seqId));
        return java.util.Arrays.copyOf(out.getArray(), out.length());
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] frame(byte[] payload) {
        return join(ByteBuffer.allocate(4).putInt(payload.length).array(), payload);
    }

    static byte[] sasl(int status, byte[] payload) {
        return join(new byte[] {(byte) status}, frame(payload));
    }

    static byte[] login(String user, String password) {
        return join(
                sasl(1, "PLAIN".getBytes(StandardCharsets.UTF_8)),
                sasl(5, ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /** A status byte and the text after it. */
    static String saslAnswer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int status = in.readByte();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        return status + " " + new String(payload, StandardCharsets.UTF_8);
    }

    static TBinaryProtocol replies(byte[] bytes) throws TException {
        TMemoryBuffer in = new TMemoryBuffer(bytes.length);
        in.write(bytes);
        return new TBinaryProtocol(in);
    }

    /** The exception that comes as the next message. */
    static TApplicationException exception(TBinaryProtocol in) throws TException {
        TMessage message = in.readMessageBegin();
        if (message.type != TMessageType.EXCEPTION) {
            throw new IllegalStateException("Expected an exception, but got " + message);
        }
        return TApplicationException.readFrom(in);
    }
}
