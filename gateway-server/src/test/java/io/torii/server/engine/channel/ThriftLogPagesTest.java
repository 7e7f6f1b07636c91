package io.torii.server.engine.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TDeserializer;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.junit.jupiter.api.Test;

class ThriftLogPagesTest {
    private static final List<String> LINES = List.of("Launching engine", "Engine is ready \u2014 at last");

    @Test
    void isOneColumnFromV6On() throws TException {
        TFetchResultsResp page = page(LINES, 5);

        assertThat(page.getStatus().getStatusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
        assertThat(page.getResults().getColumns().get(0).getStringVal().getValues())
                .isEqualTo(LINES);
        assertThat(page.getResults().getRows()).isEmpty();
    }

    @Test
    void isRowsBeforeV6() throws TException {
        TFetchResultsResp page = page(LINES, 4);

        assertThat(page.getResults().getRows())
                .extracting(row -> row.getColVals().get(0).getStringVal().getValue())
                .isEqualTo(LINES);
        assertThat(page.getResults().isSetColumns()).isFalse();
    }

    @Test
    void anEmptyPageStillHasItsColumn() throws TException {
        assertThat(page(List.of(), 9).getResults().getColumns()).hasSize(1);
    }

    private static TFetchResultsResp page(List<String> lines, int protocolVersion) throws TException {
        ByteBuf bytes = new ThriftLogPages().page(lines, protocolVersion);
        TFetchResultsResp page = new TFetchResultsResp();
        new TDeserializer(new TBinaryProtocol.Factory()).deserialize(page, ByteBufUtil.getBytes(bytes));
        return page;
    }
}
