package io.torii.spark.result;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What surrounds the columns of a page: an encoded TFetchResultsResp, in which only the row offset and whether more rows
 * follow depend on where the page lies, so that these two are patched when it is handed out.
 */
final class PageFrame {
    static final byte STOP = 0;
    static final byte BOOL = 2;
    static final byte INT32 = 8;
    static final byte INT64 = 10;
    static final byte BINARY = 11;
    static final byte STRUCT = 12;
    static final byte LIST = 15;

    /** Where the columns begin. */
    static final int HEAD_BYTES;

    /** What follows them. */
    static final int TAIL_BYTES = 2;

    private static final byte[] HEAD;
    private static final int MORE_AT;
    private static final int OFFSET_AT;
    private static final int COUNT_AT;

    static {
        byte[] head = new byte[64];
        int at = field(head, 0, STRUCT, 1); // status: SUCCESS_STATUS
        at = field(head, at, INT32, 1);
        at = int32(head, at, 0);
        head[at++] = STOP;
        at = field(head, at, BOOL, 2); // hasMoreRows
        MORE_AT = at++;
        at = field(head, at, STRUCT, 3); // results
        at = field(head, at, INT64, 1); // startRowOffset
        OFFSET_AT = at;
        at += 8;
        at = field(head, at, LIST, 2); // rows: none
        head[at++] = STRUCT;
        at = int32(head, at, 0);
        at = field(head, at, LIST, 3); // columns
        head[at++] = STRUCT;
        COUNT_AT = at;
        at += 4;
        HEAD_BYTES = at;
        HEAD = Arrays.copyOf(head, at);
    }

    private PageFrame() {}

    /** Encodes columns as a page; its offset and whether more rows follow are still to be patched. */
    static byte[] encode(ColumnBuffer[] columns) {
        long size = HEAD_BYTES + TAIL_BYTES;
        for (ColumnBuffer column : columns) {
            size += column.encodedBytes();
        }
        if (size > Integer.MAX_VALUE - 16) {
            throw new ResultException("54000", "A page of the result is larger than 2 GiB");
        }
        byte[] page = new byte[(int) size];
        System.arraycopy(HEAD, 0, page, 0, HEAD_BYTES);
        int32(page, COUNT_AT, columns.length);
        int at = HEAD_BYTES;
        for (ColumnBuffer column : columns) {
            at = column.writeTo(page, at);
        }
        page[at++] = STOP;
        page[at] = STOP;
        return page;
    }

    static byte[] patch(byte[] page, long startRow, boolean more) {
        page[MORE_AT] = (byte) (more ? 1 : 0);
        ByteBuffer.wrap(page).putLong(OFFSET_AT, startRow);
        return page;
    }

    static int columns(byte[] page) {
        return ByteBuffer.wrap(page).getInt(COUNT_AT);
    }

    static int field(byte[] page, int at, byte type, int id) {
        page[at] = type;
        page[at + 1] = (byte) (id >> 8);
        page[at + 2] = (byte) id;
        return at + 3;
    }

    static int int32(byte[] page, int at, int value) {
        page[at] = (byte) (value >> 24);
        page[at + 1] = (byte) (value >> 16);
        page[at + 2] = (byte) (value >> 8);
        page[at + 3] = (byte) value;
        return at + 4;
    }
}
