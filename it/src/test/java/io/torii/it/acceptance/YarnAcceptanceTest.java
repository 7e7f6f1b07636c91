package io.torii.it.acceptance;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.JdbcClientContract.run;
import static io.torii.it.YarnWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.torii.it.Eventually;
import io.torii.it.Script;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users and administrators of a gateway with two YARN clusters are promised, one of which nobody answers for. */
@Tag("system")
@Tag("long")
class YarnAcceptanceTest {
    private static final String ON_AN_EXECUTOR = "SELECT count(*) FROM range(0, 1000, 1, 2)";
    private static final String ENDLESS = "SELECT id FROM range(1000000000000) WHERE pow(id, 3) % 7 = 0.5";
    private static final String SQLSTATE = "[0-9A-Z]{5}";
    private static final Pattern ATTEMPT = Pattern.compile("appattempt_\\d+_\\d+_\\d+");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();

    @TempDir
    static Path directory;

    private static YarnWorld world;
    private static MiniHadoop hadoop;

    @BeforeAll
    static void start() throws Exception {
        Path dead = siteOfADeadCluster();
        world = YarnWorld.start(directory, MiniHadoopShape.small(), living -> configuration(living, dead));
        hadoop = world.hadoop();
        try (Connection alice = world.connect("alice")) {
            application(alice); // puts Spark's jars there, for which no bound of a test allows
        }
    }

    private static String configuration(MiniHadoop living, Path dead) {
        return """
                authentication:
                  proxy-users:
                    - user: hue
                      hosts: [127.0.0.1]
                      users: [alice]
                clusters:
                  - name: yarn
                    type: yarn
                    settings:
                      spark.driver.memory: 640m
                      spark.executor.memory: 512m
                      spark.executor.instances: "1"
                      spark.sql.shuffle.partitions: "2"
                    profiles:
                      - name: wide
                        settings:
                          spark.sql.shuffle.partitions: "7"
                    limits:
                      engines-per-user: 1
                    yarn:
                      hadoop-conf-dir: %s
                  - name: dead
                    type: yarn
                    profiles:
                      - name: heavy
                        settings:
                          spark.executor.memory: 8g
                    yarn:
                      hadoop-conf-dir: %s
                router:
                  default-cluster: yarn
                """
                .formatted(living.configuration(), dead);
    }

    private static Path siteOfADeadCluster() throws IOException {
        Path site = Files.createDirectory(directory.resolve("dead"));
        Files.writeString(site.resolve("core-site.xml"), entry("fs.defaultFS", "hdfs://localhost:1"));
        Files.writeString(site.resolve("yarn-site.xml"), entry("yarn.resourcemanager.address", "localhost:1"));
        return site;
    }

    private static String entry(String name, String value) {
        return "<configuration><property><name>%s</name><value>%s</value></property></configuration>"
                .formatted(name, value);
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        world.close();
    }

    @Test
    void sessionsOfOneUserShareAnApplicationThatIsTheirsAndAnotherUserHasAnother() throws Exception {
        try (Connection first = world.connect("alice");
                Connection second = world.connect("alice", "default?torii.engine.profile=default");
                Connection other = world.connect("bob")) {
            assertThat(rows(first, "SELECT current_user()")).containsExactly("alice");
            assertThat(rows(second, ON_AN_EXECUTOR)).containsExactly("1000");
            assertThat(rows(other, "SELECT current_user()")).containsExactly("bob");

            String mine = application(first);
            String theirs = application(other);
            assertThat(application(second)).isEqualTo(mine).startsWith("application_");
            assertThat(theirs).isNotEqualTo(mine);
            assertThat(ofApplication(mine, "user")).isEqualTo("alice");
            assertThat(ofApplication(mine, "name")).startsWith("torii yarn/spark/user/alice/");
            assertThat(ofApplication(theirs, "user")).isEqualTo("bob");
            List<String> tags = hadoop.tagsOf(mine);
            assertThat(tags)
                    .hasSize(2)
                    .filteredOn(tag -> tag.matches("torii-[0-9a-f]{32}"))
                    .hasSize(1);
            assertThat(hadoop.tagsOf(theirs))
                    .as("the tag of the gateways is the same, that of the launch is not")
                    .filteredOn(tags::contains)
                    .hasSize(1);

            world.endEngine(theirs);
        }
    }

    @Test
    void aTableOutlivesTheEngineOfItsMakerWhichIsNotAttemptedAgain() throws Exception {
        try (Connection carol = world.connect("carol");
                Connection alice = world.connect("alice")) {
            run(carol, "CREATE TABLE squares USING parquet AS SELECT id, id * id AS square FROM range(10)");
            String lost = application(carol);

            world.endEngine(lost);

            assertThat(rows(alice, "SELECT sum(square) FROM squares")).containsExactly("285");
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(ofApplication(lost, "state"))
                    .isEqualTo("FAILED"));
            assertThat(attempts(lost)).hasSize(1);
            run(carol, "DROP TABLE squares");
            assertThat(application(carol)).isNotEqualTo(lost);

            world.endEngine(application(carol));
        }
    }

    @Test
    void aDeadClusterRefusesWithinTenSecondsAndTheOtherAnswersMeanwhile() throws Exception {
        try (Connection alice = world.connect("alice")) {
            assertThat(rows(alice, ON_AN_EXECUTOR)).containsExactly("1000");
            Instant limit = Instant.now().plusSeconds(10);
            List<Future<Refusal>> refusals = new ArrayList<>();
            for (String user : List.of("heidi", "ivan", "judy")) {
                refusals.add(CLIENT.submit(() -> refusal(user, "torii.cluster=dead")));
            }

            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, ON_AN_EXECUTOR));

            assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly("1000");
            for (Future<Refusal> future : refusals) {
                Refusal refusal = future.get(10, TimeUnit.SECONDS);
                assertThat(refusal.message())
                        .contains("the ResourceManager of cluster dead does not answer at localhost:1")
                        .hasLineCount(1);
                assertThat(refusal.state()).matches(SQLSTATE);
                assertThat(refusal.at()).isBefore(limit);
            }
        }
        assertThat(admin("/metrics").body())
                .containsPattern("torii_cluster_healthy\\{cluster=\"dead\"[^}]*} 0\\.0")
                .containsPattern("torii_cluster_healthy\\{cluster=\"yarn\"[^}]*} 1\\.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torii.cluster=nowhere | yarn | dead", // both clusters that there are
                "torii.queue=nowhere | Cluster yarn takes no engine: | unknown queue",
                "torii.engine.profile=nowhere | default | wide", // profiles that there are
                "torii.engine.profile=heavy | Cluster yarn has no profile | wide"
            })
    void whatThereIsNotIsRefusedInASentenceAndStartsNothing(String setting, String what, String besides)
            throws Exception {
        Refusal refusal = CLIENT.submit(() -> refusal("heidi", setting)).get(10, TimeUnit.SECONDS);

        assertThat(refusal.message())
                .contains(setting.replaceFirst(".*=", ""), what, besides)
                .hasLineCount(1);
        assertThat(refusal.state()).matches(SQLSTATE);
        assertThat(hadoop.applicationsOf("heidi")).isEmpty();
    }

    @Test
    void aProfilesSettingsAreThoseOfItsEngine() throws Exception {
        try (Connection frank = world.connect("frank", "default?torii.engine.profile=wide");
                Connection alice = world.connect("alice")) {
            assertThat(rows(frank, "SELECT current_user()")).containsExactly("frank");
            assertThat(rows(frank, "SET spark.sql.shuffle.partitions"))
                    .containsExactly("spark.sql.shuffle.partitions|7");
            assertThat(rows(frank, "SET spark.driver.memory"))
                    .as("the cluster's, which the profile leaves alone")
                    .containsExactly("spark.driver.memory|640m");
            assertThat(rows(alice, "SET spark.sql.shuffle.partitions"))
                    .containsExactly("spark.sql.shuffle.partitions|2");

            world.endEngine(application(frank));
        }
    }

    @Test
    void oneEngineMoreThanTheClusterAllowsIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Connection first = world.connect("alice");
                Connection second = world.connect("alice", "default?torii.engine.subdomain=apart")) {
            String engine = application(first);

            Refusal refusal = refusal(() -> run(second, "SELECT 1"));

            assertThat(refusal.message())
                    .contains("User alice has 1 ", "on cluster yarn")
                    .hasLineCount(1);
            assertThat(refusal.state()).isEqualTo("53300");
            assertThat(hadoop.applicationsOf("alice")).containsExactly(engine);
            assertThat(rows(first, ON_AN_EXECUTOR)).containsExactly("1000");
        }
    }

    @Test
    void aLoginActsForWhomTheListNamesOnYarnTooAndForNobodyElse() throws Exception {
        try (Connection hue = world.connect("hue", "default;hive.server2.proxy.user=alice");
                Connection alice = world.connect("alice")) {
            assertThat(rows(hue, "SELECT current_user()")).containsExactly("alice");
            assertThat(application(hue)).isEqualTo(application(alice));
            assertThat(ofApplication(application(hue), "user")).isEqualTo("alice");
        }
        assertRefusedToActFor("bob", "hue");
        assertRefusedToActFor("alice", "bob");
        assertThat(hadoop.applicationsOf("hue")).isEmpty();
    }

    /** Hive's driver wraps what it is told when it cannot open a session. */
    private static void assertRefusedToActFor(String other, String login) {
        SQLException problem = catchThrowableOfType(
                SQLException.class, () -> world.connect(login, "default;hive.server2.proxy.user=" + other));

        assertThat(Stream.<Throwable>iterate(problem, Objects::nonNull, Throwable::getCause)
                        .filter(SQLException.class::isInstance)
                        .map(SQLException.class::cast))
                .as("what %s is told who would act for %s", login, other)
                .anyMatch(told -> "42501".equals(told.getSQLState())
                        && told.getMessage().contains(login)
                        && told.getMessage().contains(other)
                        && told.getMessage().lines().count() == 1);
    }

    @Test
    void aStatementIsCancelledWithinASecondAndLeavesItsExecutorToTheNext() throws Exception {
        try (Connection alice = world.connect("alice");
                Statement statement = alice.createStatement()) {
            assertThat(rows(alice, ON_AN_EXECUTOR)).containsExactly("1000");
            Future<Refusal> end = CLIENT.submit(() -> refusal(() -> statement.execute(ENDLESS)));
            awaitARunningStatement();

            Instant begin = Instant.now();
            statement.cancel();

            assertThat(end.get(10, TimeUnit.SECONDS).message()).containsIgnoringCase("cancel");
            assertThat(end.get().at()).isBefore(begin.plusSeconds(1));
            Future<List<String>> next = CLIENT.submit(() -> rows(alice, ON_AN_EXECUTOR));
            assertThat(next.get(20, TimeUnit.SECONDS)).containsExactly("1000");
        }
    }

    @Test
    void whoHasKilledAnApplicationIsToldWithinTwoSecondsAndTheSessionGoesOn() throws Exception {
        try (Connection grace = world.connect("grace")) {
            String killed = application(grace);
            Future<Refusal> end =
                    CLIENT.submit(() -> refusal(() -> run(grace, "CREATE TABLE endless USING parquet AS " + ENDLESS)));
            awaitARunningStatement();

            hadoop.killApplication(killed);

            assertThat(end.get(30, TimeUnit.SECONDS).message())
                    .containsPattern(
                            "it was killed by (user )?" + Pattern.quote(System.getProperty("user.name")) + " from \\S")
                    .hasLineCount(1);
            assertThat(end.get().at()).isBefore(endOf(killed).plusSeconds(2));
            assertThat(rows(grace, "SELECT current_user()")).containsExactly("grace");
            assertThat(application(grace)).isNotEqualTo(killed);

            world.endEngine(application(grace));
        }
    }

    @Test
    void theQueueThatAnEngineUsesIsTheOneAskedForAndInTheStatus() throws Exception {
        try (Connection erin = world.connect("erin", "default?torii.queue=etl")) {
            String engine = application(erin);

            assertThat(ofApplication(engine, "queue")).isIn("etl", "root.etl");
            assertThat(admin("/status").statusCode()).isEqualTo(401);
            Eventually.holds(
                    Duration.ofSeconds(30), () -> assertThat(admin("/status", "Authorization", "Bearer " + token())
                                    .body())
                            .contains(engine)
                            .containsPattern("\"(root\\.)?etl\""));
            Script.Result status = status();
            assertThat(status.exit()).as(status.err()).isZero();
            assertThat(status.out()).contains(engine, "dead").containsPattern("\\betl\\b");

            world.endEngine(engine);
        }
    }

    /** What a client was told, and when. */
    private record Refusal(String message, String state, Instant at) {}

    private static Refusal refusal(ThrowingCallable work) {
        SQLException problem = catchThrowableOfType(SQLException.class, work);
        Instant at = Instant.now();
        assertThat((Throwable) problem).as("a refusal").isNotNull();
        return new Refusal(problem.getMessage(), problem.getSQLState(), at);
    }

    /** What this user is told who sets this, or who then asks for rows. */
    private static Refusal refusal(String user, String setting) throws SQLException {
        try (Connection session = world.connect(user)) {
            return refusal(() -> {
                run(session, "SET " + setting);
                run(session, "SELECT 1");
            });
        }
    }

    private static void awaitARunningStatement() {
        Eventually.holds(
                Duration.ofSeconds(60),
                () -> assertThat(admin("/metrics").body()).contains("torii_statements_open{state=\"running\"} 1.0"));
    }

    /** As the ResourceManager has it. */
    private static Instant endOf(String application) {
        Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.endOf(application))
                .isPresent());
        return hadoop.endOf(application).orElseThrow();
    }

    /** A field of this application, as the ResourceManager's web service has it. */
    private static String ofApplication(String id, String field) throws Exception {
        String page = resourceManager("apps/" + id);
        Matcher value = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(page);
        assertThat(value.find()).as(page).isTrue();
        return value.group(1).replace("\\/", "/");
    }

    private static Set<String> attempts(String id) throws Exception {
        return ATTEMPT.matcher(resourceManager("apps/" + id + "/appattempts"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static String resourceManager(String question) throws Exception {
        return get(hadoop.resourceManager().resolve("/ws/v1/cluster/" + question))
                .body();
    }

    private static HttpResponse<String> admin(String path, String... headers) throws Exception {
        return get(URI.create("http://127.0.0.1:" + world.gateway().adminPort() + path), headers);
    }

    private static HttpResponse<String> get(URI address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String token() throws IOException {
        return Files.readString(world.gateway().workDirectory().resolve("admin.token"))
                .strip();
    }

    /** {@code bin/torii status} as the administrator of this gateway calls it. */
    private static Script.Result status() throws Exception {
        Map<String, String> environment = Map.of(
                "TORII_CONF_DIR", world.gateway().directory().resolve("conf").toString(),
                "TORII_WORK_DIR", world.gateway().workDirectory().toString());
        return Script.run(directory, environment, "torii", "status");
    }
}
