package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator sees of a gateway with clients. */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final String LONG_RUNNING =
            "SELECT count(*) FROM range(1000000000) a CROSS JOIN range(1000000000) b WHERE a.id + b.id = -1";

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[1]"
                      spark.driver.memory: 512m
                """);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    @Order(1)
    void everyStatementHasItsLineInTheAuditLog() throws Exception {
        try (Connection connection = connect("alice")) {
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeQuery("SELECT 1").next()).isTrue();
            }
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("SELECT * FROM nowhere OPTIONS (password 'hunter2')"))
                        .isInstanceOf(SQLException.class);
            }
            cancelled(connection);
            connection.createStatement().executeQuery("SELECT 'left open'");
        }

        List<String> lines = Files.readAllLines(directory.resolve("logs/audit.log"));
        assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line)
                .startsWith("{")
                .endsWith("}")
                .contains("\"user\":\"alice\"", "\"cluster\":\"local\"", "\"address\":\"127.0.0.1\""));
        assertThat(lines.get(0))
                .contains(
                        "\"sql\":\"SELECT 1\"",
                        "\"state\":\"FINISHED\"",
                        "\"reason\":\"statement-closed\"",
                        "\"pages\":1");
        assertThat(lines.get(1))
                .contains("\"state\":\"FAILED\"", "\"sqlState\":\"")
                .doesNotContain("hunter2");
        assertThat(lines.get(2)).contains("\"state\":\"CANCELED\"");
        assertThat(lines.get(3)).contains("\"state\":\"FINISHED\"", "\"reason\":\"session-ended\"");
    }

    @Test
    @Order(2)
    void metricsSayWhatHasHappened() throws Exception {
        try (Connection connection = connect("alice")) {
            Eventually.holds(
                    Duration.ofSeconds(30), () -> assertThat(get("/metrics").body())
                            .contains("torii_connections{frontend=\"thrift-binary\"} 1.0")
                            .contains("torii_sessions_open 1.0")
                            .contains("torii_engines{cluster=\"local\"} 1.0"));
            assertThat(connection.isClosed()).isFalse();
        }
        String metrics = get("/metrics").body();
        assertThat(metrics)
                .contains("torii_submissions_total{kind=\"sql\",outcome=\"accepted\"} 4.0")
                .contains("torii_statement_duration_seconds_count{state=\"finished\"} 2")
                .contains("torii_statement_duration_seconds_count{state=\"failed\"} 1")
                .contains("torii_statement_duration_seconds_count{state=\"canceled\"} 1")
                .contains("torii_engine_launch_seconds_count{outcome=\"ready\"} 1")
                .contains("torii_cluster_healthy{cluster=\"local\"} 1.0")
                .contains("torii_store_transaction_seconds_count{outcome=\"done\"}")
                .doesNotContain("alice");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).contains("\"ready\" : true");
        assertThat(get("/status").statusCode()).isEqualTo(401);
    }

    @Test
    @Order(3)
    void theStatusShowsSessionsAndEngines() throws Exception {
        try (Connection connection = connect("bob")) {
            JdbcClientContract.rows(connection, "SELECT 1");

            Script.Result status = status();
            Script.Result json = status("--json");

            assertThat(status.exit()).isZero();
            assertThat(status.err()).isEmpty();
            assertThat(status.out())
                    .contains("Torii is running: pid ", "Ready, up for ", "Memory: heap ", "  bob  127.0.0.1  ")
                    .containsPattern("local/spark/user/bob/-/default/-  127\\.0\\.0\\.1:\\d+  up \\d+");
            assertThat(json.exit()).isZero();
            assertThat(json.out()).startsWith("{").contains("\"user\" : \"bob\"");
        }
    }

    @Test
    @Order(4)
    void whoCannotAskIsToldInOneSentence() throws Exception {
        Files.delete(world.workDirectory().resolve("admin.token"));

        Script.Result status = status();

        assertThat(status.exit()).isZero();
        assertThat(status.out()).contains("Torii is running: pid ");
        assertThat(status.err().lines()).singleElement().satisfies(line -> assertThat(line)
                .contains("its token cannot be read"));
        assertThat(status("--json").exit()).isEqualTo(1);
    }

    private static void cancelled(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            statement.execute(LONG_RUNNING);
                            return new AssertionError("it finished");
                        } catch (SQLException cancelled) {
                            return cancelled;
                        }
                    },
                    task -> new Thread(task, "client").start());
            Eventually.holds(
                    Duration.ofSeconds(30),
                    () -> assertThat(get("/metrics").body()).contains("torii_statements_open{state=\"running\"} 1.0"));
            statement.cancel();
            assertThat(outcome.get()).isInstanceOf(SQLException.class);
        }
    }

    private static Connection connect(String user) throws SQLException {
        return DRIVER.connect(world.url("default"), user, "x");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + world.adminPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static Script.Result status(String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "status";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Script.run(
                directory,
                Map.of(
                        "TORII_CONF_DIR", directory.resolve("conf").toString(),
                        "TORII_WORK_DIR", world.workDirectory().toString()),
                "torii",
                arguments);
    }
}
