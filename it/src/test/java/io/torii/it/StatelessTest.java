package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataReq;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway is killed and started again: its engines, and what clients had begun, go on. */
@Tag("system")
class StatelessTest {
    private static final int ROWS = 1_000;
    private static final int PAGE = 100;
    private static final String RANGE = "SELECT id FROM range(0, " + ROWS + ", 1, 3)";
    private static final int IN_DOUBT = 4005;

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                engine:
                  heartbeat-interval: 1s
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void aBinaryClientThatReconnectsGoesOnWithItsOldHandles() throws Exception {
        TSessionHandle session;
        TOperationHandle halfRead;
        TOperationHandle running;
        List<Long> read = new ArrayList<>();
        try (RawClient client = connect("binary")) {
            session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            halfRead = finished(client, client.execute(session, RANGE));
            read.addAll(longs(client.fetch(halfRead, PAGE)));
            read.addAll(longs(client.fetch(halfRead, PAGE)));
            finished(client, client.execute(session, "SELECT 'by then the engine has heard what arrived'"));
            running = client.execute(session, "SELECT java_method('java.lang.Thread', 'sleep', 9000L), 42L");
            assertThat(state(client, running)).isEqualTo(TOperationState.RUNNING_STATE);
            world.killGateway();
        }

        world.restartGateway();

        try (RawClient client = connect("binary")) {
            assertThat(client.service()
                            .GetResultSetMetadata(new TGetResultSetMetadataReq(halfRead))
                            .getSchema()
                            .getColumns()
                            .get(0)
                            .getColumnName())
                    .isEqualTo("id");
            for (List<Long> page = longs(client.fetch(halfRead, PAGE));
                    !page.isEmpty();
                    page = longs(client.fetch(halfRead, PAGE))) {
                read.addAll(page);
            }
            assertThat(read).isEqualTo(expected());
            finished(client, running);
            assertThat(client.fetch(running, PAGE)
                            .getResults()
                            .getColumns()
                            .get(1)
                            .getI64Val()
                            .getValues())
                    .containsExactly(42L);
            finished(client, client.execute(session, "SELECT 1"));
        }
    }

    @Test
    void aPageThatMayHaveArrivedIsNeitherSkippedNorRepeated() throws Exception {
        int large = 20_000; // more than the sockets between them hold
        TOperationHandle statement;
        try (RawClient client = connect("binary")) {
            TSessionHandle session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            statement = finished(
                    client,
                    client.execute(session, "SELECT id, repeat('x', 1000) FROM range(0, 2 * " + large + ", 1, 3)"));
            longs(client.fetch(statement, PAGE));
            client.service().send_FetchResults(new TFetchResultsReq(statement, TFetchOrientation.FETCH_NEXT, large));
            try (RawClient other = connect("binary")) {
                finished(other, other.execute(session, "SELECT 'by then the page is on its way'"));
            }
            world.killGateway();
        }

        world.restartGateway();

        try (RawClient client = connect("binary")) {
            TFetchResultsResp next = client.fetch(statement, PAGE);
            assertThat(next.getStatus().getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
            assertThat(next.getStatus().getSqlState()).isEqualTo("08S01");
            assertThat(next.getStatus().getErrorCode()).isEqualTo(IN_DOUBT);
            assertThat(longs(client.fetch(statement, TFetchOrientation.FETCH_FIRST, PAGE)))
                    .isEqualTo(expected().subList(0, PAGE));
            assertThat(longs(client.fetch(statement, PAGE)))
                    .isEqualTo(expected().subList(PAGE, 2 * PAGE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.3", "4.0.1"})
    void anHttpClientContinuesOnTheSameConnection(String version) throws Exception {
        String url = world.httpUrl("default") + ";fetchSize=" + PAGE;
        try (Connection connection = HiveDriver.of(version).connect(url, "http", "x")) {
            JdbcClientContract.run(connection, "CREATE TEMPORARY VIEW kept AS SELECT 42 AS answer");
            List<Long> read = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(RANGE)) {
                while (read.size() < 250) {
                    assertThat(rows.next()).isTrue();
                    read.add(rows.getLong(1));
                }
                assertThat(JdbcClientContract.rows(connection, "SELECT 'by then the engine has heard what arrived'"))
                        .hasSize(1);

                world.killGateway();
                world.restartGateway();

                while (rows.next()) {
                    read.add(rows.getLong(1));
                }
            }
            assertThat(read).isEqualTo(expected());
            assertThat(JdbcClientContract.rows(connection, "SELECT answer FROM kept"))
                    .containsExactly("42");
        }
    }

    @Test
    void whatAnHttpClientRunsWhenTheGatewayDiesIsARetryableError() throws Exception {
        try (Connection connection = HiveDriver.of("3.1.3").connect(world.httpUrl("default"), "http", "x")) {
            JdbcClientContract.rows(connection, "SELECT 1");
            Thread killer = new Thread(world::killGateway, "killer");
            SQLException failure;
            try (Statement statement = connection.createStatement()) {
                killer.start();
                statement.executeQuery("SELECT java_method('java.lang.Thread', 'sleep', 5000L)");
                failure = new SQLException("it was faster than the killer", "08S01");
            } catch (SQLException lost) {
                failure = lost;
            }
            killer.join();
            world.restartGateway();

            assertThat(failure.getSQLState()).startsWith("08");
            assertThat(JdbcClientContract.rows(connection, "SELECT 2")).containsExactly("2");
        }
    }

    @Test
    void statementsThatWaitForAnEngineAreTakenOver() throws Exception {
        TOperationHandle first;
        TOperationHandle second;
        int before = world.engines().size();
        try (RawClient client = connect("waiter")) {
            TSessionHandle session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            first = client.execute(session, "SELECT 1L");
            second = client.execute(session, "SELECT 2L");
            Eventually.holds(
                    Duration.ofSeconds(20), () -> assertThat(world.engines()).hasSizeGreaterThan(before));
            assertThat(state(client, first)).isEqualTo(TOperationState.PENDING_STATE);
            world.killGateway();
        }

        world.restartGateway();

        try (RawClient client = connect("waiter")) {
            finished(client, first);
            finished(client, second);
            assertThat(longs(client.fetch(first, PAGE))).containsExactly(1L);
            assertThat(longs(client.fetch(second, PAGE))).containsExactly(2L);
        }
        assertThat(world.engines()).hasSize(before + 1);
    }

    private static RawClient connect(String user) throws Exception {
        return RawClient.connect(world.thriftPort(), user, "x");
    }

    private static TOperationState state(RawClient client, TOperationHandle statement) throws Exception {
        return client.service()
                .GetOperationStatus(new TGetOperationStatusReq(statement))
                .getOperationState();
    }

    private static TOperationHandle finished(RawClient client, TOperationHandle statement) throws Exception {
        TGetOperationStatusResp end = client.end(statement);
        assertThat(end.getOperationState()).as(end.getErrorMessage()).isEqualTo(TOperationState.FINISHED_STATE);
        return statement;
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
