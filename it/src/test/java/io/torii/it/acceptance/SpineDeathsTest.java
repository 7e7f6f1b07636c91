package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that dies or hangs under a result that is half read, and under a write. */
@Tag("system")
class SpineDeathsTest {
    @TempDir
    static Path directory;

    @Test
    void aHalfReadResultOfADeadEngineIsARetryableErrorNeverOtherRows() throws Exception {
        try (Connection bystander = Spine.connect("alice");
                Connection connection = connect("half")) {
            Spine.rows(bystander, "SELECT 1");
            List<Long> before = pids();
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(100);
                ResultSet result = statement.executeQuery("SELECT id FROM range(0, 100000, 1, 3)");
                List<Long> read = new ArrayList<>();
                for (int row = 0; row < 150; row++) {
                    assertThat(result.next()).isTrue();
                    read.add(result.getLong(1));
                }
                engineStartedAfter(before).destroyForcibly();

                SQLException lost = catchThrowableOfType(SQLException.class, () -> {
                    while (result.next()) {
                        read.add(result.getLong(1));
                    }
                });

                assertThat((Throwable) lost).isNotNull();
                assertThat(lost.getSQLState()).isEqualTo("08S01");
                assertThat(lost.getMessage().lines()).hasSize(1);
                for (int row = 0; row < read.size(); row++) {
                    assertThat(read.get(row)).isEqualTo(row);
                }
            }
            assertThat(Spine.rows(bystander, "SELECT 2")).containsExactly("2");
            assertThat(Spine.rows(connection, "SELECT count(*) FROM range(0, 100000, 1, 3)"))
                    .containsExactly("100000");
        }
    }

    @Test
    void aWriteOnAnEngineThatHangsFailsWithinABoundAndIsNotRunAgain() throws Exception {
        ExecutorService client = Executors.newSingleThreadExecutor();
        Path written = directory.resolve("written");
        try (Connection connection = connect("hang")) {
            List<Long> before = pids();
            Spine.rows(connection, "SELECT 1");
            ProcessHandle engine = engineStartedAfter(before);
            CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(
                            SQLException.class,
                            () -> Spine.run(
                                    connection,
                                    "INSERT OVERWRITE DIRECTORY '" + written + "' USING parquet"
                                            + " SELECT count(*) FROM range(900000000) WHERE pow(id, 3) % 7 = 0.5")),
                    client);
            Spine.eventually(Duration.ofSeconds(20), () -> assertThat(
                            Spine.admin("GET", "/metrics").body())
                    .contains("torii_statements_open{state=\"running\"} 1.0"));

            new ProcessBuilder("kill", "-STOP", Long.toString(engine.pid()))
                    .start()
                    .waitFor();

            SQLException lost = failure.get(45, TimeUnit.SECONDS);
            assertThat(lost.getSQLState()).isEqualTo("08S01");
            assertThat(lost.getMessage().lines()).hasSize(1);
            assertThat(Spine.rows(connection, "SELECT 3")).containsExactly("3");
            assertThat(engine.isAlive()).isFalse();
            assertThat(Files.exists(written.resolve("_SUCCESS"))).isFalse();
        } finally {
            client.shutdownNow();
        }
    }

    private static List<Long> pids() {
        return Spine.world().engines().stream().map(ProcessHandle::pid).toList();
    }

    private static ProcessHandle engineStartedAfter(List<Long> before) {
        return Spine.world().engines().stream()
                .filter(engine -> !before.contains(engine.pid()))
                .findFirst()
                .orElseThrow();
    }

    /** A session with an engine of its own. */
    private static Connection connect(String engine) throws SQLException {
        return Spine.connectTo(Spine.world().url("default?torii.engine.subdomain=" + engine), "carol");
    }
}
