package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.store.sql.DatabaseSettings;
import io.torii.server.store.sql.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways on one PostgreSQL are one gateway: each request may go to either. */
@Tag("system")
class TwoGatewaysTest {
    private static final int ROWS = 1_000;
    private static final int PAGE = 100;

    @TempDir
    static Path directory;

    private static World a;
    private static World b;

    @BeforeAll
    static void start() throws Exception {
        DatabaseSettings store = PostgresServer.shared().newDatabase(20);
        Map<String, String> variables = Map.of(
                "TORII_STORE_URL", store.url(),
                "TORII_STORE_USER", store.user().orElseThrow(),
                "TORII_STORE_PASSWORD", store.password().orElseThrow().value());
        String configuration =
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """;
        // one cluster, which is local to both: each has to know of the processes that the other has started
        Path clusters = Files.createDirectories(directory.resolve("a/work/clusters"));
        Files.createSymbolicLink(
                Files.createDirectories(directory.resolve("b/work")).resolve("clusters"), clusters);
        a = World.start(directory.resolve("a"), configuration, variables);
        b = World.start(directory.resolve("b"), configuration, variables);
    }

    @AfterAll
    static void end() {
        if (b != null) {
            b.close();
        }
        if (a != null) {
            a.close();
        }
    }

    @Test
    void servesTheSameHandlesOverAlternatingConnections() throws Exception {
        try (RawClient atA = RawClient.connect(a.thriftPort(), "binary", "x");
                RawClient atB = RawClient.connect(b.thriftPort(), "binary", "x")) {
            alternate(atA, atB);
        }
    }

    @Test
    void servesTheSameHandlesOverHttp() throws Exception {
        try (RawClient atA = RawClient.overHttp(a.httpPort(), "http", "x");
                RawClient atB = RawClient.overHttp(b.httpPort(), "http", "x")) {
            alternate(atA, atB);
        }
    }

    @Test
    void aStatementThatWaitsForAnEngineIsKnownToBoth() throws Exception {
        try (RawClient atA = RawClient.overHttp(a.httpPort(), "waiter", "x");
                RawClient atB = RawClient.overHttp(b.httpPort(), "waiter", "x")) {
            TSessionHandle session = atA.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            TOperationHandle first = atA.execute(session, "SELECT 1L");
            TOperationHandle second = atB.execute(session, "SELECT 2L");

            assertThat(atB.service()
                            .GetOperationStatus(new TGetOperationStatusReq(first))
                            .getStatus()
                            .getStatusCode())
                    .isEqualTo(TStatusCode.SUCCESS_STATUS);
            assertThat(atA.end(second).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            assertThat(atB.end(first).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            assertThat(longs(atB.fetch(first, PAGE))).containsExactly(1L);
            assertThat(longs(atA.fetch(second, PAGE))).containsExactly(2L);
            assertThat(a.engines().size()).isLessThanOrEqualTo(3); // one of each user
        }
    }

    private static void alternate(RawClient atA, RawClient atB) throws Exception {
        TSessionHandle session = atA.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
        atA.close(finished(atA, atB.execute(session, "SET spark.sql.session.timeZone=Asia/Tokyo")));
        TOperationHandle rows = atB.execute(session, "SELECT id FROM range(0, " + ROWS + ", 1, 3)");
        finished(atA, rows);
        TGetResultSetMetadataResp schema = atB.service().GetResultSetMetadata(new TGetResultSetMetadataReq(rows));
        assertThat(schema.getSchema().getColumns().get(0).getColumnName()).isEqualTo("id");

        assertThat(read(atA, atB, rows, TFetchOrientation.FETCH_NEXT)).isEqualTo(expected());
        assertThat(read(atB, atA, rows, TFetchOrientation.FETCH_FIRST)).isEqualTo(expected());

        TOperationHandle zone = atA.execute(session, "SELECT current_timezone()");
        finished(atB, zone);
        assertThat(atA.fetch(zone, 1)
                        .getResults()
                        .getColumns()
                        .get(0)
                        .getStringVal()
                        .getValues())
                .containsExactly("Asia/Tokyo");
        atB.close(rows);
        assertThat(atA.service()
                        .GetOperationStatus(new TGetOperationStatusReq(rows))
                        .getStatus()
                        .getStatusCode())
                .isNotEqualTo(TStatusCode.SUCCESS_STATUS);
        assertThat(atB.service()
                        .CloseSession(new TCloseSessionReq(session))
                        .getStatus()
                        .getStatusCode())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
    }

    private static TOperationHandle finished(RawClient client, TOperationHandle statement) throws Exception {
        TGetOperationStatusResp end = client.end(statement);
        assertThat(end.getOperationState()).as(end.getErrorMessage()).isEqualTo(TOperationState.FINISHED_STATE);
        return statement;
    }

    /** Reads to the end, a page here and a page there. */
    private static List<Long> read(
            RawClient first, RawClient second, TOperationHandle statement, TFetchOrientation beginning)
            throws Exception {
        List<Long> read = new ArrayList<>();
        List<Long> page = longs(first.fetch(statement, beginning, PAGE));
        for (int turn = 1; !page.isEmpty(); turn++) {
            read.addAll(page);
            page = longs((turn % 2 == 0 ? first : second).fetch(statement, PAGE));
        }
        return read;
    }

    private static List<Long> expected() {
        return LongStream.range(0, ROWS).boxed().toList();
    }

    private static List<Long> longs(TFetchResultsResp page) {
        assertThat(page.getStatus().getStatusCode())
                .as(page.getStatus().getErrorMessage())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
        return page.getResults().getColumns().get(0).getI64Val().getValues();
    }
}
