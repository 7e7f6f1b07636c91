package io.torii.spark.result;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TColumnDesc;
import org.apache.hive.service.rpc.thrift.TColumnValue;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TRow;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TBase;
import org.apache.thrift.TDeserializer;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;

/** What clients make of pages and schemas, with the generated classes. */
public final class Decoded {
    private Decoded() {}

    public static TFetchResultsResp page(byte[] bytes) {
        TFetchResultsResp page = decode(new TFetchResultsResp(), bytes);
        if (page.getStatus().getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            throw new AssertionError("Status " + page.getStatus());
        }
        return page;
    }

    public static List<TColumnDesc> columns(ResultSet result) {
        return decode(new TGetResultSetMetadataResp(), result.schema())
                .getSchema()
                .getColumns();
    }

    /** All rows from the first on. */
    public static List<List<Object>> rows(ResultSet result, int fetchSize) {
        List<List<Object>> all = new ArrayList<>();
        List<List<Object>> page =
                rows(result.fetch(Orientation.FIRST, fetchSize).bytes());
        while (!page.isEmpty()) {
            all.addAll(page);
            page = rows(result.fetch(Orientation.NEXT, fetchSize).bytes());
        }
        return all;
    }

    public static List<List<Object>> rows(byte[] bytes) {
        TFetchResultsResp page = page(bytes);
        return page.getResults().isSetColumns()
                ? byColumn(page.getResults().getColumns())
                : byRow(page.getResults().getRows());
    }

    private static List<List<Object>> byColumn(List<TColumn> columns) {
        List<List<Object>> rows = new ArrayList<>();
        for (TColumn column : columns) {
            List<?> values = values(column);
            byte[] nulls = nulls(column);
            for (int row = 0; row < values.size(); row++) {
                if (rows.size() <= row) {
                    rows.add(new ArrayList<>());
                }
                boolean isNull = row / 8 < nulls.length && (nulls[row / 8] & 1 << row % 8) != 0;
                rows.get(row).add(isNull ? null : plain(values.get(row)));
            }
        }
        return rows;
    }

    private static List<?> values(TColumn column) {
        switch (column.getSetField()) {
            case BOOL_VAL:
                return column.getBoolVal().getValues();
            case BYTE_VAL:
                return column.getByteVal().getValues();
            case I16_VAL:
                return column.getI16Val().getValues();
            case I32_VAL:
                return column.getI32Val().getValues();
            case I64_VAL:
                return column.getI64Val().getValues();
            case DOUBLE_VAL:
                return column.getDoubleVal().getValues();
            case STRING_VAL:
                return column.getStringVal().getValues();
            case BINARY_VAL:
            default:
                return column.getBinaryVal().getValues();
        }
    }

    private static byte[] nulls(TColumn column) {
        switch (column.getSetField()) {
            case BOOL_VAL:
                return column.getBoolVal().getNulls();
            case BYTE_VAL:
                return column.getByteVal().getNulls();
            case I16_VAL:
                return column.getI16Val().getNulls();
            case I32_VAL:
                return column.getI32Val().getNulls();
            case I64_VAL:
                return column.getI64Val().getNulls();
            case DOUBLE_VAL:
                return column.getDoubleVal().getNulls();
            case STRING_VAL:
                return column.getStringVal().getNulls();
            case BINARY_VAL:
            default:
                return column.getBinaryVal().getNulls();
        }
    }

    private static List<List<Object>> byRow(List<TRow> encoded) {
        List<List<Object>> rows = new ArrayList<>();
        for (TRow row : encoded) {
            List<Object> values = new ArrayList<>();
            for (TColumnValue value : row.getColVals()) {
                values.add(value(value));
            }
            rows.add(values);
        }
        return rows;
    }

    private static Object value(TColumnValue value) {
        switch (value.getSetField()) {
            case BOOL_VAL:
                return value.getBoolVal().isSetValue() ? value.getBoolVal().isValue() : null;
            case BYTE_VAL:
                return value.getByteVal().isSetValue() ? value.getByteVal().getValue() : null;
            case I16_VAL:
                return value.getI16Val().isSetValue() ? value.getI16Val().getValue() : null;
            case I32_VAL:
                return value.getI32Val().isSetValue() ? value.getI32Val().getValue() : null;
            case I64_VAL:
                return value.getI64Val().isSetValue() ? value.getI64Val().getValue() : null;
            case DOUBLE_VAL:
                return value.getDoubleVal().isSetValue() ? value.getDoubleVal().getValue() : null;
            case STRING_VAL:
            default:
                return value.getStringVal().getValue();
        }
    }

    private static Object plain(Object value) {
        if (value instanceof ByteBuffer) {
            ByteBuffer buffer = ((ByteBuffer) value).duplicate();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }
        return value;
    }

    private static <T extends TBase<?, ?>> T decode(T struct, byte[] bytes) {
        try {
            new TDeserializer(new TBinaryProtocol.Factory()).deserialize(struct, bytes);
            return struct;
        } catch (TException e) {
            throw new AssertionError(e);
        }
    }
}
