package io.torii.spark.result;

import java.nio.ByteBuffer;

/** Reads the columns of an encoded page, to copy some of its rows into another. Not thread-safe. */
final class PageView {
    private static final WireType[] TYPES = WireType.values();

    private final byte[] page;
    private final int rows;
    private final WireType[] types;
    private final int[] valuesAt;
    private final int[] nullsAt;
    private final int[] nullBytes;

    /** Where each value of a column of variable width begins, and where the last one ends. */
    private final int[][] starts;

    PageView(EncodedPage encoded) {
        this.page = encoded.bytes;
        this.rows = encoded.rows;
        int columns = PageFrame.columns(page);
        this.types = new WireType[columns];
        this.valuesAt = new int[columns];
        this.nullsAt = new int[columns];
        this.nullBytes = new int[columns];
        this.starts = new int[columns][];
        int at = PageFrame.HEAD_BYTES;
        for (int column = 0; column < columns; column++) {
            at = readColumn(column, at);
        }
    }

    private int readColumn(int column, int start) {
        WireType type = TYPES[(page[start + 1] << 8 | page[start + 2]) - 1];
        types[column] = type;
        valuesAt[column] = start + 3 + 3 + 1 + 4;
        int end;
        if (type.width > 0) {
            end = valuesAt[column] + rows * type.width;
        } else {
            int[] found = new int[rows + 1];
            int at = valuesAt[column];
            for (int row = 0; row < rows; row++) {
                found[row] = at;
                at += 4 + int32(at);
            }
            found[rows] = at;
            starts[column] = found;
            end = at;
        }
        nullBytes[column] = int32(end + 3);
        nullsAt[column] = end + 3 + 4;
        return nullsAt[column] + nullBytes[column] + 2;
    }

    WireType[] types() {
        return types;
    }

    boolean isNull(int column, int row) {
        int at = row >> 3;
        return at < nullBytes[column] && (page[nullsAt[column] + at] & 1 << (row & 7)) != 0;
    }

    /** Where the value begins, for variable width with its length. */
    int valueAt(int column, int row) {
        return starts[column] == null ? valuesAt[column] + row * types[column].width : starts[column][row];
    }

    byte[] bytes() {
        return page;
    }

    /** Appends rows, the last one excluded, to the buffers of another page with the same columns. */
    void copy(int from, int to, ColumnBuffer[] target) {
        for (int column = 0; column < types.length; column++) {
            int before = target[column].rows();
            target[column].addRange(page, valueAt(column, from), valueAt(column, to), to - from);
            for (int row = from; row < to; row++) {
                if (isNull(column, row)) {
                    target[column].markNull(before + row - from);
                }
            }
        }
    }

    ColumnBuffer[] buffers() {
        ColumnBuffer[] buffers = new ColumnBuffer[types.length];
        for (int column = 0; column < types.length; column++) {
            buffers[column] = new ColumnBuffer(types[column]);
        }
        return buffers;
    }

    private int int32(int at) {
        return ByteBuffer.wrap(page).getInt(at);
    }
}
