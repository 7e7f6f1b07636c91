package io.torii.spark.result;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;

/** The values and nulls of one column of one page, in the bytes of Thrift's binary protocol. Not thread-safe. */
class ColumnBuffer {
    /** What surrounds values and nulls in a TColumn: see {@link #writeTo}. */
    private static final int FRAME_BYTES = 3 + 3 + 5 + 3 + 4 + 1 + 1;

    private static final int FIRST_CAPACITY = 1024;
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 16;
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    final WireType type;

    /** Values in the protocol's form, the first {@link #length} bytes of it. */
    byte[] bytes = new byte[FIRST_CAPACITY];

    int length;
    private int rows;
    private byte[] nulls = new byte[FIRST_CAPACITY / 8];
    private int lastNull = -1;

    ColumnBuffer(WireType type) {
        this.type = type;
    }

    final int rows() {
        return rows;
    }

    /** One value was put. */
    final void added() {
        rows++;
    }

    /** Puts a null and, as Hive does, a value in its place. */
    final void addNull() {
        if (type == WireType.BOOLEAN) {
            putByte(1);
        } else {
            int width = type.width == 0 ? 4 : type.width;
            ensure(width);
            Arrays.fill(bytes, length, length + width, (byte) 0);
            length += width;
        }
        markNull(rows);
        rows++;
    }

    /** Puts rows of an encoded column. */
    final void addRange(byte[] source, int from, int to, int count) {
        putBytes(source, from, to - from);
        rows += count;
    }

    final void markNull(int row) {
        int at = row >> 3;
        if (at >= nulls.length) {
            nulls = Arrays.copyOf(nulls, Math.max(nulls.length * 2, at + 1));
        }
        nulls[at] |= (byte) (1 << (row & 7));
        lastNull = row;
    }

    final void putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    final void putShort(int value) {
        ensure(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    final void putInt(int value) {
        ensure(4);
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET + length, SWAP ? Integer.reverseBytes(value) : value);
        length += 4;
    }

    final void putLong(long value) {
        ensure(8);
        Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + length, SWAP ? Long.reverseBytes(value) : value);
        length += 8;
    }

    final void putBytes(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Puts a string or binary value from memory that Spark owns. */
    final void putMemory(Object base, long offset, int count) {
        ensure(4 + count);
        putInt(count);
        Platform.copyMemory(base, offset, bytes, Platform.BYTE_ARRAY_OFFSET + length, count);
        length += count;
    }

    final void putText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        putInt(encoded.length);
        putBytes(encoded, 0, encoded.length);
    }

    /** Makes room, so that this many bytes can be written to {@link #bytes} directly. */
    final void ensure(int more) {
        long needed = (long) length + more;
        if (needed > bytes.length) {
            if (needed > MAX_CAPACITY) {
                throw new ResultException("54000", "A page of the result is larger than 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_CAPACITY, Math.max(needed, bytes.length * 2L)));
        }
    }

    /** Length of the bitmap: as in Hive's BitSet it ends with the last null, and there is at least one byte. */
    private int nullBytes() {
        return 1 + ((lastNull + 1) >> 3);
    }

    final long encodedBytes() {
        return (long) FRAME_BYTES + length + nullBytes();
    }

    /** Writes the column as a TColumn and returns where it ends. */
    final int writeTo(byte[] page, int at) {
        int next = PageFrame.field(page, at, PageFrame.STRUCT, type.field);
        next = PageFrame.field(page, next, PageFrame.LIST, 1);
        page[next++] = (byte) type.element;
        next = PageFrame.int32(page, next, rows);
        System.arraycopy(bytes, 0, page, next, length);
        next += length;
        next = PageFrame.field(page, next, PageFrame.BINARY, 2);
        int nullBytes = nullBytes();
        next = PageFrame.int32(page, next, nullBytes);
        System.arraycopy(nulls, 0, page, next, Math.min(nullBytes, nulls.length));
        next += nullBytes;
        page[next++] = PageFrame.STOP;
        page[next++] = PageFrame.STOP;
        return next;
    }

    final void clear() {
        Arrays.fill(nulls, 0, Math.min(nulls.length, nullBytes()), (byte) 0);
        length = 0;
        rows = 0;
        lastNull = -1;
    }
}
