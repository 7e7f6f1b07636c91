package io.torii.server.engine.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.torii.server.session.LogPages;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TColumnValue;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TRow;
import org.apache.hive.service.rpc.thrift.TRowSet;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.hive.service.rpc.thrift.TStringColumn;
import org.apache.hive.service.rpc.thrift.TStringValue;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializer;
import org.apache.thrift.protocol.TBinaryProtocol;

/** Log lines in Hive's encoding: one column from protocol V6 on, rows before. Thread-safe. */
public final class ThriftLogPages implements LogPages {
    private static final int FIRST_COLUMNAR = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6.getValue();

    @Override
    public ByteBuf page(List<String> lines, int protocolVersion) {
        TFetchResultsResp page = new TFetchResultsResp(new TStatus(TStatusCode.SUCCESS_STATUS));
        page.setHasMoreRows(false);
        page.setResults(protocolVersion >= FIRST_COLUMNAR ? column(lines) : rows(lines));
        try {
            return Unpooled.wrappedBuffer(new TSerializer(new TBinaryProtocol.Factory()).serialize(page));
        } catch (TException impossible) {
            throw new IllegalStateException("log lines cannot be encoded", impossible);
        }
    }

    private static TRowSet column(List<String> lines) {
        TRowSet set = new TRowSet(0, List.of());
        set.addToColumns(TColumn.stringVal(new TStringColumn(lines, ByteBuffer.allocate(0))));
        return set;
    }

    private static TRowSet rows(List<String> lines) {
        return new TRowSet(0, lines.stream().map(ThriftLogPages::row).toList());
    }

    private static TRow row(String line) {
        TStringValue value = new TStringValue();
        value.setValue(line);
        return new TRow(List.of(TColumnValue.stringVal(value)));
    }
}
