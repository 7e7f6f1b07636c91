package io.torii.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Collects a body up to a limit; keeps what has arrived and allocates the whole once, at the end. */
final class BodyBuffer {
    private static final byte[] EMPTY = {};

    private final int limit;
    private final List<ByteBuf> parts = new ArrayList<>(1);
    private int size;

    BodyBuffer(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    boolean admits(long announced) {
        return announced <= limit;
    }

    /** Takes a part over; false, and it is released, if the body is too large with it. */
    boolean add(ByteBuf part) {
        int length = part.readableBytes();
        if (length > limit - size) {
            part.release();
            return false;
        }
        if (length == 0) {
            part.release();
        } else {
            size += length;
            parts.add(part);
        }
        return true;
    }

    /** The whole body; nothing is left. */
    byte[] take() {
        if (size == 0) {
            return EMPTY;
        }
        byte[] whole = new byte[size];
        int at = 0;
        for (ByteBuf part : parts) {
            int length = part.readableBytes();
            part.readBytes(whole, at, length);
            at += length;
        }
        release();
        return whole;
    }

    void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        size = 0;
    }
}
