package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.torii.server.frontend.thrift.RefusedMessageException.Reason;
import java.nio.ByteBuffer;

/** One message that arrives in parts, under the limits of all of them; it must be closed. One thread at a time. */
public final class IncomingMessage implements AutoCloseable {
    private static final int FIRST_BYTES = 1024;

    private final ThriftLimits limits;
    private final MessageBudget.Share share;
    private final MessageScanner scanner;
    private final ByteBuf bytes;
    private boolean whole;
    private boolean taken;

    IncomingMessage(ThriftLimits limits, MessageBudget.Share share, ByteBufAllocator allocator) {
        this.limits = limits;
        this.share = share;
        this.scanner = new MessageScanner(limits);
        this.bytes = allocator.buffer(FIRST_BYTES);
    }

    /** Copies the next part. */
    public void add(ByteBuffer part) throws RefusedMessageException {
        int size = part.remaining();
        if ((long) bytes.readableBytes() + size > limits.messageBytes()) {
            throw new RefusedMessageException(
                    Reason.TOO_LARGE, "A message is larger than " + limits.messageBytes() + " bytes");
        }
        if (!share.take(size)) {
            throw new RefusedMessageException(
                    Reason.NO_ROOM, "The gateway has no room for this message now; try again later");
        }
        bytes.writeBytes(part);
        try {
            whole = whole || scanner.scan(bytes);
        } catch (MalformedMessageException e) {
            throw new RefusedMessageException(Reason.MALFORMED, e.getMessage());
        }
        if (whole && scanner.length() < bytes.readableBytes()) {
            throw new RefusedMessageException(Reason.MALFORMED, "The message goes on after its end");
        }
    }

    /** There are no more parts: the message must be whole. */
    public void end() throws RefusedMessageException {
        if (!whole) {
            throw new RefusedMessageException(
                    Reason.MALFORMED, "The message ends too early, after " + bytes.readableBytes() + " bytes");
        }
    }

    /** The message, which is taken over. */
    Inbound.Message take() {
        taken = true;
        MessageHeader header = scanner.header().orElseThrow();
        return new Inbound.Message(header, bytes.skipBytes(header.length()));
    }

    @Override
    public void close() {
        if (!taken) {
            bytes.release();
        }
        taken = true;
        share.giveAllBack();
    }
}
