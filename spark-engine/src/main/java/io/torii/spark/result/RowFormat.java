package io.torii.spark.result;

import java.io.Serializable;
import java.time.ZoneId;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.DateFormatter;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.catalyst.util.TimestampFormatter;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** How the rows of a result become pages: made in the driver, used in tasks. Immutable. */
final class RowFormat implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StructType schema;
    private final ZoneId zone;
    private final HiveResult.TimeFormatters formatters;
    private final int pageRows;
    private final int pageBytes;

    /** @param session whose time zone times are shown in */
    RowFormat(StructType schema, SparkSession session, int pageRows, int pageBytes) {
        this.schema = schema;
        this.zone = DateTimeUtils.getZoneId(session.sessionState().conf().sessionLocalTimeZone());
        this.formatters =
                new HiveResult.TimeFormatters(DateFormatter.apply(), TimestampFormatter.getFractionFormatter(zone));
        this.pageRows = pageRows;
        this.pageBytes = pageBytes;
    }

    StructType schema() {
        return schema;
    }

    ZoneId zone() {
        return zone;
    }

    HiveResult.TimeFormatters formatters() {
        return formatters;
    }

    int pageRows() {
        return pageRows;
    }

    int pageBytes() {
        return pageBytes;
    }

    ColumnEncoder[] encoders() {
        ColumnEncoder[] encoders = new ColumnEncoder[schema.size()];
        for (int i = 0; i < encoders.length; i++) {
            encoders[i] = encoder(schema.apply(i).dataType(), i);
        }
        return encoders;
    }

    private ColumnEncoder encoder(DataType type, int ordinal) {
        if (type instanceof StringType || type instanceof CharType || type instanceof VarcharType) {
            return new PlainColumns.Strings(ordinal);
        } else if (type instanceof LongType) {
            return new PlainColumns.Longs(ordinal);
        } else if (type instanceof IntegerType) {
            return new PlainColumns.Ints(ordinal);
        } else if (type instanceof DoubleType) {
            return new PlainColumns.Doubles(ordinal);
        } else if (type instanceof DecimalType) {
            return new TextColumns.Decimals(ordinal, (DecimalType) type);
        } else if (type instanceof DateType) {
            return new TextColumns.Dates(ordinal, formatters);
        } else if (type instanceof TimestampType) {
            return TextColumns.Timestamps.inZone(ordinal, this);
        } else if (type instanceof TimestampNTZType) {
            return TextColumns.Timestamps.withoutZone(ordinal);
        } else if (type instanceof BooleanType) {
            return new PlainColumns.Booleans(ordinal);
        } else if (type instanceof FloatType) {
            return new PlainColumns.Floats(ordinal);
        } else if (type instanceof ShortType) {
            return new PlainColumns.Shorts(ordinal);
        } else if (type instanceof ByteType) {
            return new PlainColumns.Bytes(ordinal);
        } else if (type instanceof BinaryType) {
            return new PlainColumns.Binaries(ordinal);
        } else if (type instanceof YearMonthIntervalType) {
            return new TextColumns.YearMonths(ordinal, (YearMonthIntervalType) type);
        } else if (type instanceof DayTimeIntervalType) {
            return new TextColumns.DayTimes(ordinal, (DayTimeIntervalType) type);
        } else if (type instanceof CalendarIntervalType) {
            return new TextColumns.CalendarIntervals(ordinal);
        } else if (type instanceof NullType) {
            return new PlainColumns.Voids(ordinal);
        }
        return new TextColumns.Nested(ordinal, type, formatters);
    }
}
