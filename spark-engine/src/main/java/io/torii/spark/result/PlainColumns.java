package io.torii.spark.result;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Encoders of types that travel as they are. */
final class PlainColumns {
    private PlainColumns() {}

    static final class Booleans extends ColumnEncoder {
        Booleans(int ordinal) {
            super(WireType.BOOLEAN, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putByte(row.getBoolean(ordinal) ? 1 : 0);
        }
    }

    static final class Bytes extends ColumnEncoder {
        Bytes(int ordinal) {
            super(WireType.BYTE, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putByte(row.getByte(ordinal));
        }
    }

    static final class Shorts extends ColumnEncoder {
        Shorts(int ordinal) {
            super(WireType.SHORT, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putShort(row.getShort(ordinal));
        }
    }

    static final class Ints extends ColumnEncoder {
        Ints(int ordinal) {
            super(WireType.INT, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putInt(row.getInt(ordinal));
        }
    }

    static final class Longs extends ColumnEncoder {
        Longs(int ordinal) {
            super(WireType.LONG, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putLong(row.getLong(ordinal));
        }
    }

    static final class Doubles extends ColumnEncoder {
        Doubles(int ordinal) {
            super(WireType.DOUBLE, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putLong(Double.doubleToRawLongBits(row.getDouble(ordinal)));
        }
    }

    /** Floats travel as the double with the same text, not with the same value: 0.1 stays 0.1. */
    static final class Floats extends ColumnEncoder {
        private static final float EXACT_BELOW = 1 << 23;

        Floats(int ordinal) {
            super(WireType.DOUBLE, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            float value = row.getFloat(ordinal);
            boolean whole = Math.abs(value) < EXACT_BELOW && value == (float) (int) value;
            putLong(Double.doubleToRawLongBits(whole ? value : Double.parseDouble(Float.toString(value))));
        }
    }

    static final class Strings extends ColumnEncoder {
        Strings(int ordinal) {
            super(WireType.STRING, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            if (row instanceof UnsafeRow) {
                putVariable(this, (UnsafeRow) row, ordinal);
            } else {
                UTF8String text = row.getUTF8String(ordinal);
                putMemory(text.getBaseObject(), text.getBaseOffset(), text.numBytes());
            }
        }
    }

    static final class Binaries extends ColumnEncoder {
        Binaries(int ordinal) {
            super(WireType.BINARY, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            if (row instanceof UnsafeRow) {
                putVariable(this, (UnsafeRow) row, ordinal);
            } else {
                byte[] value = row.getBinary(ordinal);
                putInt(value.length);
                putBytes(value, 0, value.length);
            }
        }
    }

    /** A column whose values are all null. */
    static final class Voids extends ColumnEncoder {
        Voids(int ordinal) {
            super(WireType.STRING, ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            throw new IllegalStateException("A void column holds a value");
        }
    }

    /** An unsafe row keeps offset and length of such a value in its slot: copied without an object in between. */
    private static void putVariable(ColumnBuffer column, UnsafeRow row, int ordinal) {
        long slot = row.getLong(ordinal);
        column.putMemory(row.getBaseObject(), row.getBaseOffset() + (slot >>> 32), (int) slot);
    }
}
