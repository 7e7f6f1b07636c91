package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.thrift.protocol.TType;

/**
 * Finds the end of a structure in Thrift's binary protocol, in bytes that arrive in any portions, and refuses lengths and
 * depths beyond the limits as soon as they are announced. Passes over values without looking at them, allocates nothing
 * that the input decides. One structure at a time; not thread-safe.
 */
final class StructScanner {
    private static final int NOTHING = Integer.MIN_VALUE; // no type, and no number of values

    private final int maxBytes;
    private final int maxEntries;
    private final long[] left; // values left in the collection at this depth; NOTHING in a structure
    private final byte[] keys;
    private final byte[] values;

    private long offset;
    private long base;
    private long skip;
    private int announced;
    private int depth;

    /** @param maxBytes from the beginning of what the structure is in */
    StructScanner(int maxBytes, int maxEntries, int maxDepth) {
        this.maxBytes = maxBytes;
        this.maxEntries = maxEntries;
        this.left = new long[maxDepth + 1];
        this.keys = new byte[maxDepth + 1];
        this.values = new byte[maxDepth + 1];
    }

    /** A structure begins at this offset. */
    void begin(long start) throws MalformedMessageException {
        offset = start;
        skip = 0;
        announced = NOTHING;
        depth = 0;
        enter(NOTHING, TType.STOP, TType.STOP);
    }

    /** The first byte that has not been passed: after the end, the one behind the structure. */
    long offset() {
        return offset;
    }

    /**
     * Goes on where it stopped. If the end is not there, no more than a few bytes are left: those of a head that is not
     * complete, which must come again.
     *
     * @param start the offset of the buffer's first readable byte, not beyond {@link #offset}
     * @return whether the structure ends within the buffer
     */
    boolean scan(ByteBuf in, long start) throws MalformedMessageException {
        return scan(in.nioBuffer(), start); // a buffer of Netty's asks at every byte whether it is still there
    }

    private boolean scan(ByteBuffer in, long start) throws MalformedMessageException {
        base = start;
        while (depth > 0) {
            if (skip > 0) {
                long step = Math.min(skip, available(in));
                offset += step;
                skip -= step;
                if (skip > 0) {
                    return false;
                }
            }
            if (!step(in)) {
                return false;
            }
        }
        return true;
    }

    /** One value, field head or end; false if bytes are missing, and then nothing has changed. */
    private boolean step(ByteBuffer in) throws MalformedMessageException {
        if (announced != NOTHING) {
            return begin((byte) announced, in);
        }
        if (left[depth] == NOTHING) {
            return field(in);
        }
        if (keys[depth] == TType.STRING && values[depth] == TType.STRING) {
            strings(in);
        }
        if (left[depth] == 0) {
            depth--;
            return true;
        }
        announced = left[depth] % 2 == 0 ? keys[depth] : values[depth];
        left[depth]--;
        return true;
    }

    /** Passes the strings of a collection that are wholly there, until one is not as it should be. */
    private void strings(ByteBuffer in) {
        int at = at();
        int end = (int) Math.min(in.limit(), maxBytes - base);
        long strings = left[depth];
        while (strings > 0 && end - at >= 4) {
            int length = in.getInt(at);
            if (length < 0 || length > end - at - 4) {
                break;
            }
            at += 4 + length;
            strings--;
        }
        left[depth] = strings;
        offset = base + at;
    }

    private boolean field(ByteBuffer in) throws MalformedMessageException {
        if (available(in) < 1) {
            return false;
        }
        byte type = in.get(at());
        if (type == TType.STOP) {
            pass(1);
            depth--;
            return true;
        }
        if (available(in) < 3) {
            return false;
        }
        pass(3);
        announced = type;
        return true;
    }

    private boolean begin(byte type, ByteBuffer in) throws MalformedMessageException {
        int fixed = size(type);
        if (fixed > 0) {
            announced = NOTHING;
            expect(fixed);
            return true;
        }
        int head = type == TType.STRUCT ? 0 : type == TType.STRING ? 4 : type == TType.MAP ? 6 : 5;
        if (available(in) < head) {
            return false;
        }
        int start = at();
        pass(head);
        announced = NOTHING;
        if (type == TType.STRUCT) {
            enter(NOTHING, TType.STOP, TType.STOP);
        } else if (type == TType.STRING) {
            int length = in.getInt(start);
            if (length < 0) {
                throw new MalformedMessageException("A string announces " + length + " bytes");
            }
            expect(length);
        } else if (type == TType.MAP) {
            container(in.get(start), in.get(start + 1), in.getInt(start + 2), 2);
        } else {
            container(in.get(start), in.get(start), in.getInt(start + 1), 1);
        }
        return true;
    }

    private void container(byte key, byte value, int entries, int valuesOfEntry) throws MalformedMessageException {
        if (entries < 0 || entries > maxEntries) {
            throw new MalformedMessageException(
                    "A collection announces " + entries + " entries, allowed are 0 to " + maxEntries);
        }
        if (entries == 0) {
            return;
        }
        long count = (long) entries * valuesOfEntry;
        int sizes = size(key) * size(value);
        if (sizes > 0) {
            expect(valuesOfEntry == 1 ? count * size(value) : (long) entries * (size(key) + size(value)));
            return;
        }
        room(count);
        enter(count, key, value);
    }

    private void enter(long count, byte key, byte value) throws MalformedMessageException {
        if (depth + 1 >= left.length) {
            throw new MalformedMessageException("Structures are nested deeper than " + (left.length - 1));
        }
        depth++;
        left[depth] = count;
        keys[depth] = key;
        values[depth] = value;
    }

    private static int size(byte type) throws MalformedMessageException {
        return switch (type) {
            case TType.BOOL, TType.BYTE -> 1;
            case TType.I16 -> 2;
            case TType.I32 -> 4;
            case TType.I64, TType.DOUBLE -> 8;
            case TType.STRING, TType.STRUCT, TType.MAP, TType.SET, TType.LIST -> 0;
            default -> throw new MalformedMessageException("There is no type " + type);
        };
    }

    private void expect(long bytes) throws MalformedMessageException {
        room(bytes);
        skip = bytes;
    }

    private void pass(int bytes) throws MalformedMessageException {
        room(bytes);
        offset += bytes;
    }

    private void room(long bytes) throws MalformedMessageException {
        if (offset + bytes > maxBytes) {
            throw new MalformedMessageException("A message is larger than " + maxBytes + " bytes");
        }
    }

    private long available(ByteBuffer in) {
        return in.limit() - (offset - base);
    }

    private int at() {
        return (int) (offset - base);
    }
}
