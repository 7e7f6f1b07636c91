package io.torii.spark.catalog;

import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VarcharType;

/** The types of Spark SQL as JDBC describes types. */
final class TypeInfo {
    /** Ordered by JDBC code, the closest type first. */
    static final List<Row> ROWS = Collections.unmodifiableList(Arrays.asList(
            plain("TINYINT", DataTypes.ByteType),
            plain("BIGINT", DataTypes.LongType),
            row("BINARY", DataTypes.BinaryType, "X'", "'", null),
            plain("VOID", DataTypes.NullType),
            row("CHAR", new CharType(Integer.MAX_VALUE), "'", "'", "length"),
            row("DECIMAL", DataTypes.createDecimalType(38, 38), null, null, "precision,scale"),
            plain("INT", DataTypes.IntegerType),
            plain("SMALLINT", DataTypes.ShortType),
            plain("FLOAT", DataTypes.FloatType),
            plain("DOUBLE", DataTypes.DoubleType),
            row("STRING", DataTypes.StringType, "'", "'", null),
            row("VARCHAR", new VarcharType(Integer.MAX_VALUE), "'", "'", "max length"),
            plain("BOOLEAN", DataTypes.BooleanType),
            row("DATE", DataTypes.DateType, "DATE '", "'", null),
            row("TIMESTAMP", DataTypes.TimestampType, "TIMESTAMP '", "'", null),
            row("TIMESTAMP_NTZ", DataTypes.TimestampNTZType, "TIMESTAMP_NTZ '", "'", null),
            row("INTERVAL DAY TO SECOND", DataTypes.createDayTimeIntervalType(), "INTERVAL '", "' DAY TO SECOND", null),
            row(
                    "INTERVAL YEAR TO MONTH",
                    DataTypes.createYearMonthIntervalType(),
                    "INTERVAL '",
                    "' YEAR TO MONTH",
                    null),
            row("INTERVAL", DataTypes.CalendarIntervalType, "INTERVAL '", "'", null),
            plain("MAP", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType)),
            plain("STRUCT", new StructType()),
            plain("ARRAY", DataTypes.createArrayType(DataTypes.StringType))));

    private TypeInfo() {}

    private static Row plain(String name, DataType type) {
        return row(name, type, null, null, null);
    }

    /** @param widest of several types with this name the one that holds most */
    private static Row row(String name, DataType widest, String prefix, String suffix, String parameters) {
        JdbcType type = JdbcType.of(widest);
        boolean isNumber = type.radix != null;
        boolean isText = type.code == Types.CHAR || type.code == Types.VARCHAR;
        boolean isDecimal = type.code == Types.DECIMAL;
        return RowFactory.create(
                name,
                type.code,
                type.size,
                prefix,
                suffix,
                parameters,
                (short) DatabaseMetaData.typeNullable,
                isText,
                (short) (type.size == null ? DatabaseMetaData.typePredNone : DatabaseMetaData.typeSearchable),
                !isNumber,
                false,
                false,
                name,
                isNumber ? (short) 0 : null,
                isNumber ? (short) (isDecimal ? type.digits : 0) : null,
                null,
                null,
                type.radix);
    }
}
