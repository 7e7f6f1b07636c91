package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of Hive's JDBC driver see when their engine is killed or hangs. */
@Tag("system")
class EngineDeathsTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final String READ = "SELECT count(*) FROM range(200000000) WHERE pow(id, 3) % 7 = 0.5";
    private static final String SHORT_READ = READ.replace("200000000", "2000000");
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();

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
                  silence-limit: 6s
                clusters:
                  - name: local
                    type: local
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """);
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        world.close();
    }

    @Test
    void aReadWhoseEngineIsKilledGivesItsRowsAllTheSame() throws Exception {
        try (Connection connection = DRIVER.connect(world.url("default"), "reader", "x")) {
            JdbcClientContract.rows(connection, "SELECT 1");
            Future<List<String>> rows = CLIENT.submit(() -> JdbcClientContract.rows(connection, READ));
            List<ProcessHandle> engines = enginesAtWork();

            engines.forEach(ProcessHandle::destroyForcibly);

            assertThat(rows.get(3, TimeUnit.MINUTES)).containsExactly("0");
        }
    }

    @Test
    void aReadThatHadFinishedIsComputedAgainForItsFirstFetch() throws Exception {
        try (Connection connection = DRIVER.connect(world.url("default"), "fetcher", "x");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SHORT_READ)) {
            List<ProcessHandle> engines = world.engines();
            engines.forEach(ProcessHandle::destroyForcibly);
            engines.forEach(engine -> engine.onExit().join()); // else it may answer still, and die over that

            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isZero();
        }
    }

    @Test
    void soIsOneWhoseEngineDiesWhileItAnswers() throws Exception {
        try (Connection connection = DRIVER.connect(world.url("default"), "fetcher", "x");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SHORT_READ)) {
            world.engines().forEach(ProcessHandle::destroyForcibly);

            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isZero();
        }
    }

    @Test
    void aWriteWhoseEngineIsKilledFailsInOneSentence() throws Exception {
        try (Connection connection = DRIVER.connect(world.url("default"), "writer", "x")) {
            JdbcClientContract.run(connection, "CREATE TABLE killed (n BIGINT) USING parquet");
            CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(
                            SQLException.class, () -> JdbcClientContract.run(connection, "INSERT INTO killed " + READ)),
                    CLIENT);
            List<ProcessHandle> engines = enginesAtWork();

            engines.forEach(ProcessHandle::destroyForcibly);

            SQLException problem = failure.get(1, TimeUnit.MINUTES);
            assertThat(problem.getSQLState()).isEqualTo("08S01");
            assertThat(problem.getMessage()).contains("may have run");
            assertThat(problem.getMessage().lines()).hasSize(1);
            assertThat(JdbcClientContract.rows(connection, "SELECT count(*) FROM killed"))
                    .containsExactly("0");
        }
    }

    @Test
    void allOfASessionsStateMovesWithIt() throws Exception {
        Path jar = jar();
        try (Connection connection = DRIVER.connect(world.url("default"), "mover", "x")) {
            JdbcClientContract.run(connection, "CREATE DATABASE moving");
            JdbcClientContract.run(connection, "USE moving");
            JdbcClientContract.run(connection, "SET spark.sql.session.timeZone=Asia/Tokyo");
            JdbcClientContract.run(connection, "CREATE TEMPORARY VIEW mine AS SELECT 42 AS answer");
            JdbcClientContract.run(
                    connection,
                    "CREATE TEMPORARY FUNCTION shout AS 'org.apache.hadoop.hive.ql.udf.generic.GenericUDFUpper'");
            JdbcClientContract.run(connection, "ADD JAR " + jar);
            String before = state(connection);
            assertThat(before).isEqualTo("moving|Asia/Tokyo|42|HO");

            world.engines().forEach(ProcessHandle::destroyForcibly);

            // a read of nobody's code runs again if it meets the dying engine; what calls a function of the session
            // does not
            assertThat(JdbcClientContract.rows(connection, "SELECT 1")).containsExactly("1");
            assertThat(state(connection)).isEqualTo(before);
            assertThat(JdbcClientContract.rows(connection, "LIST JARS").get(0)).endsWith("mine.jar");
        }
    }

    @Test
    @Tag("long")
    void anEngineThatHangsIsKilledAndItsReadRunsOnAnother() throws Exception {
        try (Connection connection = DRIVER.connect(world.url("default"), "waiter", "x")) {
            JdbcClientContract.rows(connection, "SELECT 1");
            Future<List<String>> rows = CLIENT.submit(() -> JdbcClientContract.rows(connection, READ));
            List<ProcessHandle> engines = enginesAtWork();

            for (ProcessHandle engine : engines) {
                new ProcessBuilder("kill", "-STOP", Long.toString(engine.pid()))
                        .start()
                        .waitFor();
            }

            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(engines).noneMatch(ProcessHandle::isAlive));
            assertThat(rows.get(3, TimeUnit.MINUTES)).containsExactly("0");
        }
    }

    private static String state(Connection connection) throws SQLException {
        return JdbcClientContract.rows(
                        connection, "SELECT current_database(), current_timezone(), answer, shout('ho') FROM mine")
                .get(0);
    }

    /** The engines that live, once a statement runs. */
    private static List<ProcessHandle> enginesAtWork() {
        URI metrics = URI.create("http://127.0.0.1:" + world.adminPort() + "/metrics");
        HttpRequest request = HttpRequest.newBuilder(metrics).build();
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("torii_statements_open{state=\"running\"} 1.0"));
        return world.engines();
    }

    private static Path jar() throws IOException {
        Path jar = directory.resolve("mine.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry("mine.txt"));
            out.write('x');
            out.closeEntry();
        }
        return jar;
    }
}
