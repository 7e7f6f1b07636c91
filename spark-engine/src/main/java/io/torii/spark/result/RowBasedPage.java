package io.torii.spark.result;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.apache.hive.service.rpc.thrift.TBoolValue;
import org.apache.hive.service.rpc.thrift.TByteValue;
import org.apache.hive.service.rpc.thrift.TColumnValue;
import org.apache.hive.service.rpc.thrift.TDoubleValue;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TI16Value;
import org.apache.hive.service.rpc.thrift.TI32Value;
import org.apache.hive.service.rpc.thrift.TI64Value;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TRow;
import org.apache.hive.service.rpc.thrift.TRowSet;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.hive.service.rpc.thrift.TStringValue;

/** Turns pages into the rows that clients before V6 understand. Such clients are rare, so nothing is done for speed. */
final class RowBasedPage {
    private RowBasedPage() {}

    static boolean isNeeded(int protocolVersion) {
        return protocolVersion < TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6.getValue();
    }

    static byte[] encode(EncodedPage page, long startRow, boolean more) {
        PageView view = new PageView(page);
        TRowSet rows = new TRowSet(startRow, new ArrayList<>(page.rows));
        for (int row = 0; row < page.rows; row++) {
            TRow cells = new TRow(new ArrayList<>());
            for (int column = 0; column < view.types().length; column++) {
                cells.addToColVals(cell(view, column, row));
            }
            rows.addToRows(cells);
        }
        TFetchResultsResp answer = new TFetchResultsResp(new TStatus(TStatusCode.SUCCESS_STATUS));
        answer.setHasMoreRows(more);
        answer.setResults(rows);
        return ThriftBytes.of(answer);
    }

    private static TColumnValue cell(PageView view, int column, int row) {
        boolean isNull = view.isNull(column, row);
        ByteBuffer bytes = ByteBuffer.wrap(view.bytes());
        int at = view.valueAt(column, row);
        switch (view.types()[column]) {
            case BOOLEAN:
                TBoolValue bool = new TBoolValue();
                if (!isNull) {
                    bool.setValue(bytes.get(at) != 0);
                }
                return TColumnValue.boolVal(bool);
            case BYTE:
                TByteValue tiny = new TByteValue();
                if (!isNull) {
                    tiny.setValue(bytes.get(at));
                }
                return TColumnValue.byteVal(tiny);
            case SHORT:
                TI16Value small = new TI16Value();
                if (!isNull) {
                    small.setValue(bytes.getShort(at));
                }
                return TColumnValue.i16Val(small);
            case INT:
                TI32Value integer = new TI32Value();
                if (!isNull) {
                    integer.setValue(bytes.getInt(at));
                }
                return TColumnValue.i32Val(integer);
            case LONG:
                TI64Value big = new TI64Value();
                if (!isNull) {
                    big.setValue(bytes.getLong(at));
                }
                return TColumnValue.i64Val(big);
            case DOUBLE:
                TDoubleValue number = new TDoubleValue();
                if (!isNull) {
                    number.setValue(bytes.getDouble(at));
                }
                return TColumnValue.doubleVal(number);
            case STRING:
            case BINARY:
            default:
                TStringValue text = new TStringValue();
                if (!isNull) {
                    text.setValue(text(view.bytes(), at));
                }
                return TColumnValue.stringVal(text);
        }
    }

    private static String text(byte[] page, int at) {
        int length = ByteBuffer.wrap(page).getInt(at);
        return new String(page, at + 4, length, StandardCharsets.UTF_8);
    }
}
