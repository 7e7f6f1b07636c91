package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Finds the end of a binary Thrift message, a head and a structure, in bytes that arrive in any portions. Looks at every
 * byte at most once. One message at a time; not thread-safe.
 */
final class MessageScanner {
    private final StructScanner arguments;
    private MessageHeader header;

    MessageScanner(ThriftLimits limits) {
        this.arguments = new StructScanner(limits.messageBytes(), limits.entries(), limits.depth());
    }

    /** The head of the present message, once it is there. */
    Optional<MessageHeader> header() {
        return Optional.ofNullable(header);
    }

    /** Length of the whole message, once {@link #scan} has found its end. */
    int length() {
        return (int) arguments.offset();
    }

    /** Gets ready for the next message. */
    void reset() {
        header = null;
    }

    /**
     * Goes on where it stopped. The buffer must begin with the message, whose bytes may have been moved in the meantime.
     *
     * @return whether the message ends within the buffer
     */
    boolean scan(ByteBuf in) throws MalformedMessageException {
        if (header == null) {
            Optional<MessageHeader> head = MessageHeader.peek(in);
            if (head.isEmpty()) {
                return false;
            }
            header = head.get();
            arguments.begin(header.length());
        }
        return arguments.scan(in, 0);
    }
}
