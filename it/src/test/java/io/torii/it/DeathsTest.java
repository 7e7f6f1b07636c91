package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see when a process dies. */
@Tag("system")
class DeathsTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                engine:
                  orphan-timeout: 20s
                  heartbeat-interval: 1s
                clusters:
                  - name: local
                    type: local
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                  - name: broken
                    type: local
                    settings:
                      spark.master: nonsense
                """);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void aStatementAndItsRowsOutliveTheGateway() throws Exception {
        TOperationHandle operation;
        TSessionHandle session;
        try (RawClient client = RawClient.connect(world.thriftPort(), "alice", "x")) {
            session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
            client.end(client.execute(session, "CREATE TEMPORARY VIEW kept AS SELECT 42 AS answer"));
            operation = client.execute(session, "SELECT id FROM range(10)");
            assertThat(client.end(operation).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            world.killGateway();
        }

        world.restartGateway();

        try (RawClient client = RawClient.connect(world.thriftPort(), "alice", "x")) {
            assertThat(client.end(operation).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            TFetchResultsResp page = client.fetch(operation, 100);
            assertThat(page.getResults().getColumns().get(0).getI64Val().getValues())
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            TOperationHandle next = client.execute(session, "SELECT answer FROM kept");
            assertThat(client.end(next).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
            assertThat(client.fetch(next, 10)
                            .getResults()
                            .getColumns()
                            .get(0)
                            .getI32Val()
                            .getValues())
                    .containsExactly(42);
        }
    }

    @Test
    void aSessionOutlivesItsEngine() throws SQLException {
        try (Connection connection = DRIVER.connect(world.url("default"), "mover", "x")) {
            JdbcClientContract.run(connection, "SET spark.sql.session.timeZone=Asia/Tokyo");
            JdbcClientContract.run(connection, "CREATE TEMPORARY VIEW mine AS SELECT 42 AS answer");
            String before =
                    JdbcClientContract.rows(connection, "SET spark.app.id").get(0);

            world.engines().forEach(ProcessHandle::destroyForcibly);

            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(
                            JdbcClientContract.rows(connection, "SELECT current_timezone(), answer FROM mine"))
                    .containsExactly("Asia/Tokyo|42"));
            assertThat(JdbcClientContract.rows(connection, "SET spark.app.id").get(0))
                    .isNotEqualTo(before);
        }
    }

    @Test
    void anEngineThatDiesAtStartIsReportedWithItsRootCause() throws Exception {
        try (RawClient client = RawClient.connect(world.thriftPort(), "alice", "x")) {
            TSessionHandle session = client.open(
                    TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of("set:hiveconf:torii.cluster", "broken"));
            TGetOperationStatusResp end = client.end(client.execute(session, "SELECT 1"));

            assertThat(end.getOperationState()).isEqualTo(TOperationState.ERROR_STATE);
            assertThat(end.getErrorMessage()).contains("Master must either be yarn or start with spark");
            assertThat(end.getErrorMessage().lines()).hasSize(1);
            assertThat(end.getSqlState()).isEqualTo("08001");
        }
    }
}
