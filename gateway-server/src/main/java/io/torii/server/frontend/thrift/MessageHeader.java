package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of a strict binary Thrift message.
 *
 * @param type one of TMessageType's
 * @param length of the head itself, in bytes
 */
record MessageHeader(String name, byte type, int seqId, int length) {
    /** Answers what has no head of its own. */
    static final MessageHeader UNKNOWN = new MessageHeader("", (byte) 1, 0, 0);

    private static final int VERSION_MASK = 0xffff0000;
    private static final int VERSION_1 = 0x80010000;
    private static final int MAX_NAME = 128;

    /** The head at the reader index, which stays; empty while bytes are missing. */
    static Optional<MessageHeader> peek(ByteBuf in) throws MalformedMessageException {
        int start = in.readerIndex();
        if (in.readableBytes() < 4) {
            return Optional.empty();
        }
        int version = in.getInt(start);
        if ((version & VERSION_MASK) != VERSION_1) {
            throw new MalformedMessageException(
                    "This is no strict binary Thrift message: it begins with " + String.format("0x%08x", version));
        }
        if (in.readableBytes() < 8) {
            return Optional.empty();
        }
        int name = in.getInt(start + 4);
        if (name < 0 || name > MAX_NAME) {
            throw new MalformedMessageException("A method's name has " + name + " bytes, expected 0 to " + MAX_NAME);
        }
        int length = 12 + name;
        if (in.readableBytes() < length) {
            return Optional.empty();
        }
        return Optional.of(new MessageHeader(
                in.toString(start + 8, name, StandardCharsets.UTF_8),
                (byte) version,
                in.getInt(start + 8 + name),
                length));
    }
}
