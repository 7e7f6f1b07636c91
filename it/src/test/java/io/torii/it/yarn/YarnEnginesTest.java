package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.JdbcClientContract.run;
import static io.torii.it.YarnWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Eventually;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users of Hive's JDBC driver see whose engines run on YARN, also when something there dies. */
@Tag("system")
class YarnEnginesTest {
    private static final String LONG_READ = "SELECT count(*) FROM range(60000000) WHERE pow(id, 3) % 7 = 0.5";
    private static final String PROFILES =
            """
                profiles:
                  - name: etl
                    settings:
                      spark.sql.shuffle.partitions: "7"
                  - name: next
                    spark-home: %s
                    settings:
                      spark.sql.shuffle.partitions: "9"
            """;
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();

    @TempDir
    static Path directory;

    private static YarnWorld world;
    private static MiniHadoop hadoop;

    @BeforeAll
    static void start() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other-spark"));
        Files.createSymbolicLink(other.resolve("jars"), YarnWorld.sparkHome().resolve("jars"));
        // in queue tiny no driver fits beside the rule for drivers, so that whatever goes there waits
        world = YarnWorld.start(
                directory,
                MiniHadoopShape.small()
                        .withQueues("yarn.scheduler.capacity.root.queues", "default,etl,tiny")
                        .withQueues("yarn.scheduler.capacity.root.default.capacity", "60")
                        .withQueues("yarn.scheduler.capacity.root.tiny.capacity", "10")
                        .withQueues("yarn.scheduler.capacity.root.tiny.maximum-capacity", "10")
                        .withQueues("yarn.scheduler.capacity.root.tiny.maximum-am-resource-percent", "0.1"),
                hadoop -> YarnWorld.configuration(hadoop)
                        .replace("    yarn:\n", PROFILES.formatted(other) + "    yarn:\n"));
        hadoop = world.hadoop();
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        world.close();
    }

    @Test
    void sessionsOfOneUserShareAnEngineAndThoseOfTwoHaveTwoAndOneCatalog() throws SQLException {
        try (Connection first = world.connect("alice");
                Connection second = world.connect("alice");
                Connection other = world.connect("bob")) {
            run(first, "CREATE TABLE numbers USING parquet AS SELECT id, id * 2 AS twice FROM range(10)");

            assertThat(rows(other, "SELECT sum(twice) FROM numbers")).containsExactly("90");
            assertThat(application(second)).isEqualTo(application(first)).startsWith("application_");
            assertThat(application(other)).isNotEqualTo(application(first));
            assertThat(rows(first, "SELECT current_user()")).containsExactly("alice");
            assertThat(rows(other, "SELECT current_user()")).containsExactly("bob");

            run(first, "DROP TABLE numbers");
            world.endEngine(application(other));
        }
    }

    @Test
    void theSecretOfAnEngineIsLeftNowhereButInItsDriver() throws Exception {
        try (Connection alice = world.connect("alice")) {
            String engine = application(alice);
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.executors(engine))
                    .isNotEmpty());

            assertThat(hadoop.shell("-ls", "/user/alice/.sparkStaging/" + engine))
                    .contains("__spark_conf__")
                    .doesNotContain("torii-launch");
            assertThat(namesBelow(hadoop.directory()))
                    .contains("launch_container.sh")
                    .doesNotContain("torii-launch.properties");
        }
    }

    @Test
    @Tag("long")
    void aStatementSurvivesItsExecutor() throws Exception {
        try (Connection alice = world.connect("alice")) {
            String engine = application(alice);
            rows(alice, "SELECT count(*) FROM range(1000, 2000, 1, 2)");
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.executors(engine))
                    .isNotEmpty());

            hadoop.executors(engine).forEach(ProcessHandle::destroyForcibly);

            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");
            assertThat(application(alice)).isEqualTo(engine);
        }
    }

    @Test
    @Tag("long")
    void aReadWhoseDriverIsKilledGivesItsRowsAllTheSame() throws Exception {
        try (Connection alice = world.connect("alice")) {
            String engine = application(alice);
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.drivers(engine))
                    .isNotEmpty());

            hadoop.drivers(engine).forEach(ProcessHandle::destroyForcibly);

            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");
            assertThat(application(alice)).isNotEqualTo(engine);
        }
    }

    @Test
    void aSessionMovesWhenItsApplicationIsKilledFromOutside() throws Exception {
        try (Connection alice = world.connect("alice")) {
            run(alice, "SET spark.sql.session.timeZone=Asia/Tokyo");
            String engine = application(alice);

            hadoop.killApplication(engine);

            assertThat(rows(alice, "SELECT current_timezone()")).containsExactly("Asia/Tokyo");
            assertThat(application(alice)).isNotEqualTo(engine);
        }
    }

    @Test
    void whatWaitsInAFullQueueIsExplainedAndCancelled() throws Exception {
        try (Connection first = world.connect("carol", "default?torii.queue=tiny");
                Connection second = world.connect("dave", "default?torii.queue=tiny");
                Statement alone = first.createStatement();
                Statement behind = second.createStatement()) {
            Future<?> waiting = CLIENT.submit(() -> alone.execute("SELECT 1"));
            awaitLog(alone, "The engine waits: queue root.tiny has no room for the driver now: 0 of 614 MB");
            Future<?> waitingToo = CLIENT.submit(() -> behind.execute("SELECT 1"));
            awaitLog(behind, "The engine waits: queue root.tiny has as many drivers as it may");

            alone.cancel();
            behind.cancel();

            assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasMessageContaining("cancel");
            assertThatThrownBy(() -> waitingToo.get(30, TimeUnit.SECONDS)).hasMessageContaining("cancel");
            Eventually.holds(Duration.ofSeconds(30), () -> {
                assertThat(hadoop.applicationsOf("carol")).isEmpty();
                assertThat(hadoop.applicationsOf("dave")).isEmpty();
            });
        }
    }

    private static void awaitLog(Statement statement, String line) {
        List<String> log = new ArrayList<>();
        Eventually.holds(Duration.ofSeconds(60), () -> {
            for (Object told :
                    (List<?>) statement.getClass().getMethod("getQueryLog").invoke(statement)) {
                log.add(told.toString());
            }
            assertThat(log).anyMatch(told -> told.startsWith(line));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "spark.scheduler.mode=nowhere, Unrecognized spark.scheduler.mode: NOWHERE", // the driver says so
        "spark.driver.memory=1m, Too small maximum heap" // its Java does
    })
    void whyAnEngineDoesNotStartIsToldWithinTwoSecondsOfItsEnd(String setting, String cause) throws Exception {
        try (Connection frank = world.connect("frank", "default?" + setting)) {
            Future<Failure> failure = CLIENT.submit(() -> failure(frank, "SELECT 1"));
            String application = onlyApplicationOf("frank");

            assertThat(failure.get(1, TimeUnit.MINUTES).message())
                    .startsWith("The engine for frank on cluster yarn ended while it started: ")
                    .contains(cause)
                    .hasLineCount(1);
            assertThat(failure.get().at()).isBefore(endOf(application).plusSeconds(2));
        }
    }

    @Test
    void whoHasKilledAnEngineThatWaitsIsToldWithinTwoSeconds() throws Exception {
        try (Connection frank = world.connect("frank", "default?torii.queue=tiny")) {
            Future<Failure> failure = CLIENT.submit(() -> failure(frank, "SELECT 1"));
            String application = onlyApplicationOf("frank");

            hadoop.killApplication(application);

            assertThat(failure.get(30, TimeUnit.SECONDS).message())
                    .startsWith("The engine for frank on cluster yarn ended while it started: it was killed by ")
                    .hasLineCount(1);
            assertThat(failure.get().at()).isBefore(endOf(application).plusSeconds(2));
        }
    }

    @Test
    void whoHasKilledTheEngineOfAStatementIsToldWithinTwoSeconds() throws Exception {
        try (Connection frank = world.connect("frank")) {
            String application = application(frank);
            Future<Failure> failure = CLIENT.submit(
                    () -> failure(frank, "CREATE TABLE lost USING parquet AS " + LONG_READ.replace("count(*)", "id")));
            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(application))
                    .isNotEmpty());

            hadoop.killApplication(application);

            assertThat(failure.get(30, TimeUnit.SECONDS).message())
                    .startsWith("The engine ")
                    .contains(" has ended ", "(it was killed by ")
                    .hasLineCount(1);
            assertThat(failure.get().at()).isBefore(endOf(application).plusSeconds(2));
        }
    }

    /** What the client was told, and when. */
    private record Failure(String message, Instant at) {}

    private static Failure failure(Connection connection, String sql) {
        try {
            throw new AssertionError("it did not fail: " + rows(connection, sql));
        } catch (SQLException problem) {
            return new Failure(problem.getMessage(), Instant.now());
        }
    }

    private static String onlyApplicationOf(String user) {
        Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.applicationsOf(user))
                .hasSize(1));
        return hadoop.applicationsOf(user).get(0);
    }

    /** As the ResourceManager has it. */
    private static Instant endOf(String application) {
        return hadoop.endOf(application).orElseThrow();
    }

    @Test
    void anUnknownQueueIsRefusedInOneSentence() throws SQLException {
        try (Connection dave = world.connect("dave", "default?torii.queue=nowhere")) {
            assertThatThrownBy(() -> rows(dave, "SELECT 1")).isInstanceOfSatisfying(SQLException.class, problem -> {
                assertThat(problem.getMessage()).contains("Cluster yarn takes no engine:", "nowhere");
                assertThat(problem.getMessage().lines()).hasSize(1);
                assertThat(problem.getSQLState()).isEqualTo("08001");
            });
        }
    }

    @Test
    @Tag("long")
    void sessionsWithTwoProfilesHaveTwoEnginesEachWithItsSparkAndSettings() throws Exception {
        try (Connection etl = world.connect("erin", "default?torii.engine.profile=etl");
                Connection next = world.connect("erin")) {
            run(next, "SET torii.engine.profile=next");

            assertThat(rows(etl, "SELECT current_user()")).containsExactly("erin");
            assertThat(application(next)).isNotEqualTo(application(etl));
            assertThat(setting(etl, "spark.sql.shuffle.partitions")).isEqualTo("7");
            assertThat(setting(next, "spark.sql.shuffle.partitions")).isEqualTo("9");
            assertThat(setting(next, "spark.driver.memory")).isEqualTo("640m");
            assertThat(jarsOfAgent("yarn/profile-next"))
                    .contains(directory.resolve("other-spark/jars/spark-yarn_").toString());
            assertThat(jarsOfAgent("yarn")).doesNotContain("other-spark");
            assertThat(world.gateway().workDirectory().resolve("clusters/yarn/profile-etl"))
                    .as("the cluster's own Spark needs no other agent")
                    .doesNotExist();

            world.endEngine(application(etl));
            world.endEngine(application(next));
        }
    }

    @Test
    void anUnknownProfileIsRefusedInOneSentence() throws SQLException {
        String sentence = "Setting torii.engine.profile is 'elt', and no cluster has such a profile"
                + " (expected: default, etl, next)";

        assertThatThrownBy(() -> world.connect("erin", "default?torii.engine.profile=elt"))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining(sentence);
        try (Connection erin = world.connect("erin")) {
            assertThatThrownBy(() -> run(erin, "SET torii.engine.profile=elt"))
                    .isInstanceOfSatisfying(SQLException.class, problem -> {
                        assertThat(problem.getMessage()).contains(sentence);
                        assertThat(problem.getSQLState()).isEqualTo("22023");
                    });
        }
    }

    private static String jarsOfAgent(String under) throws IOException {
        Path home = world.gateway().workDirectory().resolve("clusters").resolve(under);
        try (DirectoryStream<Path> agents = Files.newDirectoryStream(home, "agent-*")) {
            StringBuilder jars = new StringBuilder();
            for (Path agent : agents) {
                jars.append(Files.readString(agent.resolve("java.args")));
            }
            return jars.toString();
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return rows(connection, "SET " + name).get(0).replaceFirst("^.*\\|", "");
    }
    /** Files may go while they are listed. */
    private static Set<String> namesBelow(Path directory) throws IOException {
        Set<String> names = new HashSet<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                names.add(file.getFileName().toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return names;
    }
}
