package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.it.RawClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values as the server that comes with Spark 3.5.5 writes them, on the wire. */
@Tag("system")
class SpineTypesTest {
    private static final List<Map.Entry<String, String>> VALUES = List.of(
            Map.entry(
                    "CAST('12345678901234567890.123456789012345678' AS DECIMAL(38,18))",
                    "12345678901234567890.123456789012345678"),
            Map.entry("CAST('-0.000000000000000001' AS DECIMAL(38,18))", "-0.000000000000000001"),
            Map.entry("CAST('0.0000001' AS DECIMAL(20,10))", "0.0000001000"),
            Map.entry("DATE'0001-01-01'", "0001-01-01"),
            Map.entry("DATE'-0044-03-15'", "-0044-03-15"),
            Map.entry("TIMESTAMP'2024-02-29 12:34:56.123456'", "2024-02-29 12:34:56.123456"),
            Map.entry("TIMESTAMP'2024-02-29 12:34:56.100'", "2024-02-29 12:34:56.1"),
            Map.entry("TIMESTAMP_NTZ'0001-01-01 00:00:00.000001'", "0001-01-01 00:00:00.000001"),
            Map.entry("INTERVAL '-1-2' YEAR TO MONTH", "-1-2"),
            Map.entry("INTERVAL '-1 02:03:04.123456' DAY TO SECOND", "-1 02:03:04.123456000"),
            Map.entry("make_interval(1,2,3,4,5,6,7.008)", "1 years 2 months 25 days 5 hours 6 minutes 7.008 seconds"),
            Map.entry("array(array(1),array())", "[[1],[]]"),
            Map.entry("array(TIMESTAMP'2024-01-01 00:00:00')", "[2024-01-01 00:00:00]"),
            Map.entry("array(CAST('NaN' AS DOUBLE))", "[NaN]"),
            Map.entry("map(DATE'2024-01-01',TIMESTAMP'2024-01-01 00:00:00')", "{2024-01-01:2024-01-01 00:00:00}"),
            Map.entry("map('a',map('b',1))", "{\"a\":{\"b\":1}}"),
            Map.entry("named_struct('a',null,'b',named_struct('c',1.5D))", "{\"a\":null,\"b\":{\"c\":1.5}}"),
            Map.entry(
                    "named_struct('d',DATE'2024-01-01','t',TIMESTAMP'2024-01-01 01:02:03.4','n',TIMESTAMP_NTZ'2024-01-01 00:00:00')",
                    "{\"d\":2024-01-01,\"t\":2024-01-01 01:02:03.4,\"n\":2024-01-01 00:00:00}"),
            Map.entry(
                    "named_struct('i',INTERVAL '1-2' YEAR TO MONTH,'j',INTERVAL '1 02:03:04.5' DAY TO SECOND,'k',make_interval(1,2))",
                    "{\"i\":1-2,\"j\":1 02:03:04.500000000,\"k\":1 years 2 months}"),
            Map.entry("array(null)", "[null]"));

    @Test
    void valuesAreWrittenAsSparksOwnServerWritesThem() throws Exception {
        try (RawClient client = Spine.raw("alice")) {
            TOperationHandle statement = client.execute(
                    client.open(
                            TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10,
                            Map.of("set:hiveconf:spark.sql.session.timeZone", "UTC")),
                    VALUES.stream().map(Map.Entry::getKey).collect(Collectors.joining(", ", "SELECT ", "")));
            client.end(statement);

            List<TColumn> columns = client.fetch(statement, 10).getResults().getColumns();

            assertThat(columns)
                    .extracting(column -> column.getStringVal().getValues().get(0))
                    .containsExactlyElementsOf(
                            VALUES.stream().map(Map.Entry::getValue).toList());
        }
    }
}
