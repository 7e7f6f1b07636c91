package io.torii.spark.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TCLIServiceConstants;
import org.apache.hive.service.rpc.thrift.TColumnDesc;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TPrimitiveTypeEntry;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.hive.service.rpc.thrift.TTableSchema;
import org.apache.hive.service.rpc.thrift.TTypeDesc;
import org.apache.hive.service.rpc.thrift.TTypeEntry;
import org.apache.hive.service.rpc.thrift.TTypeId;
import org.apache.hive.service.rpc.thrift.TTypeQualifierValue;
import org.apache.hive.service.rpc.thrift.TTypeQualifiers;
import org.apache.spark.sql.catalyst.util.CharVarcharUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** Encodes the columns of a result with the types that the protocol version knows. */
final class SchemaEncoder {
    private SchemaEncoder() {}

    static byte[] encode(StructType schema, int protocolVersion) {
        List<TColumnDesc> columns = new ArrayList<>();
        for (StructField field : CharVarcharUtils.getRawSchema(schema).fields()) {
            TTypeDesc type = new TTypeDesc(
                    Collections.singletonList(TTypeEntry.primitiveEntry(entry(field.dataType(), protocolVersion))));
            TColumnDesc column = new TColumnDesc(field.name(), type, columns.size() + 1);
            column.setComment(
                    field.getComment().isDefined() ? field.getComment().get() : "");
            columns.add(column);
        }
        TGetResultSetMetadataResp answer = new TGetResultSetMetadataResp(new TStatus(TStatusCode.SUCCESS_STATUS));
        answer.setSchema(new TTableSchema(columns));
        return ThriftBytes.of(answer);
    }

    private static TPrimitiveTypeEntry entry(DataType type, int version) {
        TPrimitiveTypeEntry entry = new TPrimitiveTypeEntry(id(type, version));
        Map<String, TTypeQualifierValue> qualifiers = new HashMap<>();
        if (type instanceof DecimalType && since(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V4, version)) {
            qualifiers.put(
                    TCLIServiceConstants.PRECISION, TTypeQualifierValue.i32Value(((DecimalType) type).precision()));
            qualifiers.put(TCLIServiceConstants.SCALE, TTypeQualifierValue.i32Value(((DecimalType) type).scale()));
        } else if (entry.getType() == TTypeId.CHAR_TYPE) {
            qualifiers.put(length(), TTypeQualifierValue.i32Value(((CharType) type).length()));
        } else if (entry.getType() == TTypeId.VARCHAR_TYPE) {
            qualifiers.put(length(), TTypeQualifierValue.i32Value(((VarcharType) type).length()));
        }
        if (!qualifiers.isEmpty()) {
            entry.setTypeQualifiers(new TTypeQualifiers(qualifiers));
        }
        return entry;
    }

    private static String length() {
        return TCLIServiceConstants.CHARACTER_MAXIMUM_LENGTH;
    }

    private static TTypeId id(DataType type, int version) {
        if (type instanceof NullType) {
            return TTypeId.NULL_TYPE;
        } else if (type instanceof BooleanType) {
            return TTypeId.BOOLEAN_TYPE;
        } else if (type instanceof ByteType) {
            return TTypeId.TINYINT_TYPE;
        } else if (type instanceof ShortType) {
            return TTypeId.SMALLINT_TYPE;
        } else if (type instanceof IntegerType) {
            return TTypeId.INT_TYPE;
        } else if (type instanceof LongType) {
            return TTypeId.BIGINT_TYPE;
        } else if (type instanceof FloatType) {
            return TTypeId.FLOAT_TYPE;
        } else if (type instanceof DoubleType) {
            return TTypeId.DOUBLE_TYPE;
        } else if (type instanceof DecimalType) {
            return TTypeId.DECIMAL_TYPE;
        } else if (type instanceof DateType) {
            return TTypeId.DATE_TYPE;
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            // not TIMESTAMPLOCALTZ, whose text has a zone: clients get the session's wall clock, as from Spark's own
            // server
            return TTypeId.TIMESTAMP_TYPE;
        } else if (type instanceof BinaryType) {
            return TTypeId.BINARY_TYPE;
        } else if (type instanceof ArrayType) {
            return TTypeId.ARRAY_TYPE;
        } else if (type instanceof MapType) {
            return TTypeId.MAP_TYPE;
        } else if (type instanceof StructType) {
            return TTypeId.STRUCT_TYPE;
        } else if (type instanceof CharType && since(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V4, version)) {
            return TTypeId.CHAR_TYPE;
        } else if (type instanceof VarcharType && since(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V3, version)) {
            return TTypeId.VARCHAR_TYPE;
        } else if (since(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V8, version)) {
            if (type instanceof YearMonthIntervalType) {
                return TTypeId.INTERVAL_YEAR_MONTH_TYPE;
            } else if (type instanceof DayTimeIntervalType) {
                return TTypeId.INTERVAL_DAY_TIME_TYPE;
            }
        }
        return TTypeId.STRING_TYPE;
    }

    private static boolean since(TProtocolVersion version, int negotiated) {
        return negotiated >= version.getValue();
    }
}
