package io.torii.spark.result;

import java.time.ZoneOffset;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.IntervalStringStyles;
import org.apache.spark.sql.catalyst.util.IntervalUtils;
import org.apache.spark.sql.catalyst.util.TimestampFormatter;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.unsafe.Platform;
import scala.Function1;
import scala.Tuple2;

/** Encoders of types that travel as text: the text of Spark's HiveResult. */
final class TextColumns {
    private TextColumns() {}

    private abstract static class Texts extends ColumnEncoder {
        Texts(int ordinal) {
            super(WireType.STRING, ordinal);
        }

        /** Makes room for a value of at most this many bytes and returns where its text begins. */
        final int open(int most) {
            ensure(4 + most);
            return length + 4;
        }

        /** Ends a value whose text was written up to here. */
        final void close(int end) {
            putInt(end - length - 4);
            length = end;
        }
    }

    static final class Dates extends Texts {
        private final HiveResult.TimeFormatters formatters;

        Dates(int ordinal, HiveResult.TimeFormatters formatters) {
            super(ordinal);
            this.formatters = formatters;
        }

        @Override
        void put(InternalRow row, int ordinal) {
            int day = row.getInt(ordinal);
            if (DateTimeText.isPlain(day)) {
                int start = open(DateTimeText.MAX_BYTES);
                close(DateTimeText.putDay(bytes, start, day));
            } else {
                putText(formatters.date().format(day));
            }
        }
    }

    static final class Timestamps extends Texts {
        private final TimestampFormatter formatter;
        private final DateTimeText text;

        private Timestamps(int ordinal, TimestampFormatter formatter, DateTimeText text) {
            super(ordinal);
            this.formatter = formatter;
            this.text = text;
        }

        static Timestamps inZone(int ordinal, RowFormat format) {
            return new Timestamps(ordinal, format.formatters().timestamp(), new DateTimeText(format.zone()));
        }

        static Timestamps withoutZone(int ordinal) {
            ZoneOffset utc = ZoneOffset.UTC;
            return new Timestamps(ordinal, TimestampFormatter.getFractionFormatter(utc), new DateTimeText(utc));
        }

        @Override
        void put(InternalRow row, int ordinal) {
            long micros = row.getLong(ordinal);
            long local = text.local(micros);
            if (DateTimeText.isPlain(DateTimeText.day(local))) {
                int start = open(DateTimeText.MAX_BYTES);
                close(DateTimeText.putTime(bytes, start, local));
            } else {
                putText(formatter.format(micros));
            }
        }
    }

    static final class Decimals extends Texts {
        private static final int MAX_LONG_BYTES = 8;
        private static final int MAX_TEXT = 42;

        private final int precision;
        private final int scale;
        private final byte[] digits = new byte[40];

        Decimals(int ordinal, DecimalType type) {
            super(ordinal);
            this.precision = type.precision();
            this.scale = type.scale();
        }

        @Override
        void put(InternalRow row, int ordinal) {
            boolean compact = precision <= Decimal.MAX_LONG_DIGITS() && scale >= 0;
            if (row instanceof UnsafeRow && compact) {
                putUnscaled(row.getLong(ordinal));
            } else if (row instanceof UnsafeRow && scale >= 0 && size((UnsafeRow) row, ordinal) < MAX_LONG_BYTES) {
                putUnscaled(unscaled((UnsafeRow) row, ordinal));
            } else {
                putText(row.getDecimal(ordinal, precision, scale)
                        .toJavaBigDecimal()
                        .toPlainString());
            }
        }

        private static int size(UnsafeRow row, int ordinal) {
            return (int) row.getLong(ordinal);
        }

        /** An unsafe row keeps a long decimal as the bytes of a BigInteger. */
        private static long unscaled(UnsafeRow row, int ordinal) {
            long slot = row.getLong(ordinal);
            long at = row.getBaseOffset() + (slot >>> 32);
            int size = (int) slot;
            long value = Platform.getByte(row.getBaseObject(), at);
            for (int i = 1; i < size; i++) {
                value = value << 8 | Platform.getByte(row.getBaseObject(), at + i) & 0xFF;
            }
            return value;
        }

        private void putUnscaled(long unscaled) {
            int count = 0;
            for (long rest = Math.abs(unscaled); rest > 0 || count <= scale; rest /= 10) {
                digits[count++] = (byte) ('0' + rest % 10);
            }
            int at = open(MAX_TEXT);
            if (unscaled < 0) {
                bytes[at++] = '-';
            }
            for (int i = count - 1; i >= 0; i--) {
                bytes[at++] = digits[i];
                if (i == scale && i > 0) {
                    bytes[at++] = '.';
                }
            }
            close(at);
        }
    }

    static final class YearMonths extends Texts {
        private final YearMonthIntervalType type;

        YearMonths(int ordinal, YearMonthIntervalType type) {
            super(ordinal);
            this.type = type;
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putText(IntervalUtils.toYearMonthIntervalString(
                    row.getInt(ordinal), IntervalStringStyles.HIVE_STYLE(), type.startField(), type.endField()));
        }
    }

    static final class DayTimes extends Texts {
        private final DayTimeIntervalType type;

        DayTimes(int ordinal, DayTimeIntervalType type) {
            super(ordinal);
            this.type = type;
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putText(IntervalUtils.toDayTimeIntervalString(
                    row.getLong(ordinal), IntervalStringStyles.HIVE_STYLE(), type.startField(), type.endField()));
        }
    }

    static final class CalendarIntervals extends Texts {
        CalendarIntervals(int ordinal) {
            super(ordinal);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            putText(row.getInterval(ordinal).toString());
        }
    }

    /** Arrays, maps, structs, user-defined types: by way of Spark's external values, as HiveResult wants them. */
    static final class Nested extends Texts {
        private final DataType type;
        private final HiveResult.TimeFormatters formatters;
        private final Function1<Object, Object> external;

        Nested(int ordinal, DataType type, HiveResult.TimeFormatters formatters) {
            super(ordinal);
            this.type = type;
            this.formatters = formatters;
            this.external = CatalystTypeConverters.createToScalaConverter(type);
        }

        @Override
        void put(InternalRow row, int ordinal) {
            Object value = external.apply(row.get(ordinal, type));
            putText(HiveResult.toHiveString(new Tuple2<>(value, type), false, formatters));
        }
    }
}
