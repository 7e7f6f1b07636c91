package io.torii.spark.result;

import org.apache.spark.sql.catalyst.InternalRow;

/** Encodes one column of Spark's internal rows. Not thread-safe. */
abstract class ColumnEncoder extends ColumnBuffer {
    private final int ordinal;

    ColumnEncoder(WireType type, int ordinal) {
        super(type);
        this.ordinal = ordinal;
    }

    final void add(InternalRow row) {
        if (row.isNullAt(ordinal)) {
            addNull();
        } else {
            put(row, ordinal);
            added();
        }
    }

    /** Puts the value, which is not null. */
    abstract void put(InternalRow row, int ordinal);
}
