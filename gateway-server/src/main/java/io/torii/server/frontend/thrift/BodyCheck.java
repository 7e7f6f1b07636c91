package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Checks that an answer, which arrives in parts, is one structure and nothing besides: what an engine sends behind it would
 * be the client's next message. Values are passed over, not decoded, whole columns of numbers at once. A length that the
 * engine announces would cost nothing to compare, but says nothing about what the bytes are. One answer each; not
 * thread-safe.
 */
final class BodyCheck {
    private static final int MAX_BYTES = Integer.MAX_VALUE; // an engine's answer is one array
    private static final int MAX_DEPTH = 32;
    private static final int LONGEST_HEAD = 6;

    private final StructScanner scanner = new StructScanner(MAX_BYTES, Integer.MAX_VALUE, MAX_DEPTH);
    private final ByteBuf head = Unpooled.buffer(2 * LONGEST_HEAD);
    private long taken;
    private boolean ended;

    BodyCheck() {
        try {
            scanner.begin(0);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks at the next part, which stays as it is. Fails if no structure is like this. */
    void next(ByteBuf part) throws MalformedMessageException {
        long start = taken;
        taken += part.readableBytes();
        if (head.isReadable() && !ended) {
            completeHead(part, start);
        }
        if (!ended && !head.isReadable()) {
            ended = scanner.scan(part, start);
            int rest = ended ? 0 : (int) (taken - scanner.offset());
            head.writeBytes(part, part.writerIndex() - rest, rest);
        }
        if (ended && scanner.offset() < taken) {
            throw new MalformedMessageException("It goes on after its end");
        }
    }

    /** A head that parts share is looked at in a copy of its bytes. It is passed unless the part is shorter than it. */
    private void completeHead(ByteBuf part, long start) throws MalformedMessageException {
        long first = start - head.readableBytes();
        head.writeBytes(part, part.readerIndex(), Math.min(LONGEST_HEAD, part.readableBytes()));
        ended = scanner.scan(head, first);
        if (ended || part.readableBytes() > LONGEST_HEAD) {
            head.clear();
        } else {
            head.skipBytes((int) (scanner.offset() - first)).discardReadBytes();
        }
    }

    /** There are no more parts. Fails if the structure has not ended. */
    void end() throws MalformedMessageException {
        if (!ended) {
            throw new MalformedMessageException("It ends too early");
        }
    }
}
