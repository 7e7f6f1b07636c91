package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.torii.it.RawClient;
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
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Results as clients read them: onwards, from the start, backwards, in part, and larger than memory. */
@Tag("system")
class SpineResultsTest {
    private static final String WIDE =
            "SELECT id, repeat(substr(md5(CAST(id AS STRING)), 1, 10), 100) AS wide FROM range(0, %d, 1, 8)";

    @Test
    void aCursorGoesOnAndBackAndStartsOver() throws Exception {
        try (RawClient client = Spine.raw("alice")) {
            TOperationHandle statement = run(client, "SELECT id FROM range(0, 250, 1, 1)");

            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEqualTo(ids(0, 100));
            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEqualTo(ids(100, 200));
            assertThat(page(client, statement, TFetchOrientation.FETCH_PRIOR)).isEqualTo(ids(0, 100));
            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEqualTo(ids(100, 200));
            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEqualTo(ids(200, 250));
            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEmpty();
            assertThat(page(client, statement, TFetchOrientation.FETCH_FIRST)).isEqualTo(ids(0, 100));
            assertThat(page(client, statement, TFetchOrientation.FETCH_NEXT)).isEqualTo(ids(100, 200));
        }
    }

    @Test
    void aScrollableResultIsReadTwice() throws SQLException {
        try (Connection connection = Spine.connect("alice");
                Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(7);
            try (ResultSet result = statement.executeQuery("SELECT id FROM range(0, 40, 1, 3)")) {
                assertThat(longs(result)).isEqualTo(ids(0, 40));
                result.beforeFirst();
                assertThat(longs(result)).isEqualTo(ids(0, 40));
            }
        }
    }

    @Test
    void aResultIsReadRowByRowAndCutWhereTheClientSays() throws SQLException {
        try (Connection connection = Spine.connect("alice");
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(1);
            assertThat(longs(statement.executeQuery("SELECT id FROM range(0, 60, 1, 3)")))
                    .isEqualTo(ids(0, 60));
            statement.setMaxRows(5);
            assertThat(longs(statement.executeQuery("SELECT id FROM range(0, 60, 1, 3)")))
                    .isEqualTo(ids(0, 5));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aResultBeyondTheEnginesMemoryIsReadToItsEndAndLeavesNothing() throws Exception {
        try (Connection connection = Spine.connect("alice");
                Statement statement = connection.createStatement()) {
            try (ResultSet result = statement.executeQuery(WIDE.formatted(30_000))) {
                assertThat(Spine.spilled()).isGreaterThan(10 << 20);
                assertThat(longs(result)).isEqualTo(ids(0, 30_000));
            }
            Spine.eventually(
                    Duration.ofSeconds(5), () -> assertThat(Spine.spilled()).isZero());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingHalfWayFreesWhatWasStored() throws Exception {
        try (Connection connection = Spine.connect("alice")) {
            for (int turn = 0; turn < 4; turn++) { // together more than the disk may hold
                try (Statement statement = connection.createStatement();
                        ResultSet result = statement.executeQuery(WIDE.formatted(30_000))) {
                    assertThat(result.next()).isTrue();
                    assertThat(Spine.spilled()).isGreaterThan(10 << 20);
                }
                Spine.eventually(
                        Duration.ofSeconds(5), () -> assertThat(Spine.spilled()).isZero());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aResultBeyondTheBudgetFailsInASentenceAndHarmsNoOther() throws Exception {
        try (Connection connection = Spine.connect("alice");
                Statement other = connection.createStatement();
                ResultSet kept = other.executeQuery(WIDE.formatted(20_000))) {
            SQLException full =
                    catchThrowableOfType(SQLException.class, () -> Spine.rows(connection, WIDE.formatted(200_000)));

            assertThat(full.getMessage()).contains("engine.result-disk");
            assertThat(full.getMessage().lines()).hasSize(1);
            assertThat(full.getSQLState()).startsWith("53");
            assertThat(longs(kept)).isEqualTo(ids(0, 20_000));
            assertThat(Spine.rows(connection, "SELECT 1")).containsExactly("1");
        }
        Spine.eventually(
                Duration.ofSeconds(5), () -> assertThat(Spine.spilled()).isZero());
    }

    private static TOperationHandle run(RawClient client, String sql) throws Exception {
        TOperationHandle statement =
                client.execute(client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of()), sql);
        client.end(statement);
        return statement;
    }

    private static List<Long> page(RawClient client, TOperationHandle statement, TFetchOrientation orientation)
            throws Exception {
        TFetchResultsResp page = client.fetch(statement, orientation, 100);
        assertThat(page.getStatus().getStatusCode())
                .as(page.getStatus().getErrorMessage())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
        return page.getResults().getColumns().get(0).getI64Val().getValues();
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static List<Long> longs(ResultSet result) throws SQLException {
        List<Long> values = new ArrayList<>();
        while (result.next()) {
            values.add(result.getLong(1));
        }
        return values;
    }
}
