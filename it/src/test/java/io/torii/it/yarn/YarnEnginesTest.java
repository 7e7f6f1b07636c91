package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.JdbcClientContract.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Eventually;
import io.torii.it.HiveDriver;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.HashSet;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.FileVisitResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of Hive's JDBC driver see whose engines run on YARN, also when something there dies. */
@Tag("system")
class YarnEnginesTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
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
        try (Connection first = connect("alice");
                Connection second = connect("alice");
                Connection other = connect("bob")) {
            run(first, "CREATE TABLE numbers USING parquet AS SELECT id, id * 2 AS twice FROM range(10)");

            assertThat(rows(other, "SELECT sum(twice) FROM numbers")).containsExactly("90");
            assertThat(engine(second)).isEqualTo(engine(first)).startsWith("application_");
            assertThat(engine(other)).isNotEqualTo(engine(first));
            assertThat(rows(first, "SELECT current_user()")).containsExactly("alice");
            assertThat(rows(other, "SELECT current_user()")).containsExactly("bob");

            run(first, "DROP TABLE numbers");
            end(engine(other));
        }
    }

    @Test
    void theSecretOfAnEngineIsLeftNowhereButInItsDriver() throws Exception {
        try (Connection alice = connect("alice")) {
            String application = engine(alice);
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.executors(application))
                    .isNotEmpty());

            assertThat(hadoop.shell("-ls", "/user/alice/.sparkStaging/" + application))
                    .contains("__spark_conf__")
                    .doesNotContain("torii-launch");
            assertThat(namesBelow(hadoop.directory()))
                    .contains("launch_container.sh")
                    .doesNotContain("torii-launch.properties");
        }
    }

    @Test
    void aStatementSurvivesItsExecutor() throws Exception {
        try (Connection alice = connect("alice")) {
            String application = engine(alice);
            rows(alice, "SELECT count(*) FROM range(1000, 2000, 1, 2)");
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.executors(application))
                    .isNotEmpty());

            hadoop.executors(application).forEach(ProcessHandle::destroyForcibly);

            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");
            assertThat(engine(alice)).isEqualTo(application);
        }
    }

    @Test
    void aReadWhoseDriverIsKilledGivesItsRowsAllTheSame() throws Exception {
        try (Connection alice = connect("alice")) {
            String application = engine(alice);
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.drivers(application))
                    .isNotEmpty());

            hadoop.drivers(application).forEach(ProcessHandle::destroyForcibly);

            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");
            assertThat(engine(alice)).isNotEqualTo(application);
        }
    }

    @Test
    void aSessionMovesWhenItsApplicationIsKilledFromOutside() throws Exception {
        try (Connection alice = connect("alice")) {
            run(alice, "SET spark.sql.session.timeZone=Asia/Tokyo");
            String application = engine(alice);

            hadoop.killApplication(application);

            assertThat(rows(alice, "SELECT current_timezone()")).containsExactly("Asia/Tokyo");
            assertThat(engine(alice)).isNotEqualTo(application);
        }
    }

    @Test
    void whatWaitsInAFullQueueIsExplainedAndCancelled() throws Exception {
        try (Connection first = DRIVER.connect(world.gateway().url("default?torii.queue=tiny"), "carol", "x");
                Connection second = DRIVER.connect(world.gateway().url("default?torii.queue=tiny"), "dave", "x");
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

    @Test
    void anUnknownQueueIsRefusedInOneSentence() throws SQLException {
        try (Connection dave = DRIVER.connect(world.gateway().url("default?torii.queue=nowhere"), "dave", "x")) {
            assertThatThrownBy(() -> rows(dave, "SELECT 1")).isInstanceOfSatisfying(SQLException.class, problem -> {
                assertThat(problem.getMessage()).contains("Cluster yarn takes no engine:", "nowhere");
                assertThat(problem.getMessage().lines()).hasSize(1);
                assertThat(problem.getSQLState()).isEqualTo("08001");
            });
        }
    }

    @Test
    void sessionsWithTwoProfilesHaveTwoEnginesEachWithItsSparkAndSettings() throws Exception {
        try (Connection etl = connect("erin", "default?torii.engine.profile=etl");
                Connection next = connect("erin", "default")) {
            run(next, "SET torii.engine.profile=next");

            assertThat(rows(etl, "SELECT current_user()")).containsExactly("erin");
            assertThat(engine(next)).isNotEqualTo(engine(etl));
            assertThat(setting(etl, "spark.sql.shuffle.partitions")).isEqualTo("7");
            assertThat(setting(next, "spark.sql.shuffle.partitions")).isEqualTo("9");
            assertThat(setting(next, "spark.driver.memory")).isEqualTo("640m");
            assertThat(jarsOfAgent("yarn/profile-next"))
                    .contains(directory.resolve("other-spark/jars/spark-yarn_").toString());
            assertThat(jarsOfAgent("yarn")).doesNotContain("other-spark");
            assertThat(world.gateway().workDirectory().resolve("clusters/yarn/profile-etl"))
                    .as("the cluster's own Spark needs no other agent")
                    .doesNotExist();

            end(engine(etl));
            end(engine(next));
        }
    }

    @Test
    void anUnknownProfileIsRefusedInOneSentence() throws SQLException {
        String sentence = "Setting torii.engine.profile is 'elt', and no cluster has such a profile"
                + " (expected: default, etl, next)";

        assertThatThrownBy(() -> connect("erin", "default?torii.engine.profile=elt"))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining(sentence);
        try (Connection erin = connect("erin", "default")) {
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

    private static Connection connect(String user, String rest) throws SQLException {
        return DRIVER.connect(world.gateway().url(rest), user, "x");
    }

    private static Connection connect(String user) throws SQLException {
        return DRIVER.connect(world.gateway().url("default"), user, "x");
    }

    private static String engine(Connection connection) throws SQLException {
        return setting(connection, "spark.app.id");
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return rows(connection, "SET " + name).get(0).replaceFirst("^.*\\|", "");
    }

    private static void end(String application) {
        hadoop.drivers(application).forEach(ProcessHandle::destroyForcibly);
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
