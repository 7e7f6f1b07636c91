package io.torii.spark.catalog;

import java.sql.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;

/** What JDBC calls a type of Spark, and how wide it is in digits or characters; null where that says nothing. */
final class JdbcType {
    final int code;
    final Integer size;
    final Integer digits;
    final Integer radix;

    private JdbcType(int code, Integer size, Integer digits, Integer radix) {
        this.code = code;
        this.size = size;
        this.digits = digits;
        this.radix = radix;
    }

    static JdbcType of(DataType type) {
        if (type instanceof BooleanType) {
            return sized(Types.BOOLEAN, 1);
        } else if (type instanceof ByteType) {
            return number(Types.TINYINT, 3, 0);
        } else if (type instanceof ShortType) {
            return number(Types.SMALLINT, 5, 0);
        } else if (type instanceof IntegerType) {
            return number(Types.INTEGER, 10, 0);
        } else if (type instanceof LongType) {
            return number(Types.BIGINT, 19, 0);
        } else if (type instanceof FloatType) {
            return number(Types.FLOAT, 7, 7);
        } else if (type instanceof DoubleType) {
            return number(Types.DOUBLE, 15, 15);
        } else if (type instanceof DecimalType) {
            return number(Types.DECIMAL, ((DecimalType) type).precision(), ((DecimalType) type).scale());
        } else if (type instanceof CharType) {
            return sized(Types.CHAR, ((CharType) type).length());
        } else if (type instanceof VarcharType) {
            return sized(Types.VARCHAR, ((VarcharType) type).length());
        } else if (type instanceof StringType) {
            return sized(Types.VARCHAR, Integer.MAX_VALUE);
        } else if (type instanceof BinaryType) {
            return sized(Types.BINARY, Integer.MAX_VALUE);
        } else if (type instanceof DateType) {
            return sized(Types.DATE, 10);
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return new JdbcType(Types.TIMESTAMP, 26, 6, null);
        } else if (type instanceof ArrayType) {
            return unsized(Types.ARRAY);
        } else if (type instanceof MapType) {
            return unsized(Types.JAVA_OBJECT);
        } else if (type instanceof StructType) {
            return unsized(Types.STRUCT);
        } else if (type instanceof NullType) {
            return unsized(Types.NULL);
        }
        return unsized(Types.OTHER);
    }

    private static JdbcType number(int code, int precision, int scale) {
        return new JdbcType(code, precision, scale, 10);
    }

    private static JdbcType sized(int code, int size) {
        return new JdbcType(code, size, null, null);
    }

    private static JdbcType unsized(int code) {
        return new JdbcType(code, null, null, null);
    }
}
