package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Eventually;
import io.torii.it.HiveDriver;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

/** What is lost when the ResourceManager or the gateway is killed and started again: nothing. */
@Tag("system")
@Tag("long")
class YarnRestartsTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final String LONG_READ = "SELECT count(*) FROM range(120000000) WHERE pow(id, 3) % 7 = 0.5";
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();

    @TempDir
    static Path directory;

    private static YarnWorld world;
    private static MiniHadoop hadoop;

    @BeforeAll
    static void start() {
        world = YarnWorld.start(directory, MiniHadoopShape.small());
        hadoop = world.hadoop();
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        world.close();
    }

    @Test
    void aStatementRunsOnWhileTheResourceManagerIsAwayAndTheClusterTakesWorkAgainOnceItIsBack() throws Exception {
        try (Connection alice = connect("alice");
                Connection bob = connect("bob")) {
            String application = engine(alice);
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(application))
                    .isNotEmpty());

            hadoop.killResourceManager();
            Eventually.holds(Duration.ofSeconds(11), () -> assertThat(health()).isEqualTo("0.0"));
            assertThatThrownBy(() -> rows(bob, "SELECT 1")).isInstanceOfSatisfying(SQLException.class, problem -> {
                assertThat(problem.getSQLState()).isEqualTo("57000");
                assertThat(problem.getMessage())
                        .contains(
                                "Cluster yarn takes no new work: the ResourceManager of cluster yarn does not answer");
            });
            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");

            hadoop.startResourceManager();
            Eventually.holds(Duration.ofSeconds(15), () -> assertThat(health()).isEqualTo("1.0"));
            assertThat(rows(bob, "SELECT 1")).containsExactly("1");
            assertThat(engine(alice)).isEqualTo(application);
            end(engine(bob));
        }
    }

    @Test
    void anEngineOutlivesTheGatewayThatHasLaunchedIt() throws Exception {
        Connection lost = connect("alice"); // with its gateway: there will be nothing to close
        String application = engine(lost);
        Future<List<String>> answer = CLIENT.submit(() -> rows(lost, LONG_READ));
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(application))
                .isNotEmpty());

        world.gateway().killGateway();
        assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SQLException.class);
        world.gateway().restartGateway();

        try (Connection alice = connect("alice")) {
            assertThat(rows(alice, "SELECT 1")).containsExactly("1");
            assertThat(engine(alice)).isEqualTo(application);
        }
    }

    @Test
    void aLaunchWhoseGatewayIsKilledIsTakenOverAndNeverMadeTwice() throws Exception {
        Connection lost = connect("carol"); // with its gateway: there will be nothing to close
        Future<List<String>> answer = CLIENT.submit(() -> rows(lost, "SELECT 1"));
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.applicationsOf("carol"))
                .hasSize(1));
        List<String> launched = hadoop.applicationsOf("carol");

        world.gateway().killGateway();
        assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SQLException.class);
        world.gateway().restartGateway();

        try (Connection carol = connect("carol")) {
            assertThat(engine(carol)).isEqualTo(launched.get(0));
            assertThat(hadoop.applicationsOf("carol")).isEqualTo(launched);
            end(engine(carol));
        }
    }

    private static Connection connect(String user) throws SQLException {
        return DRIVER.connect(world.gateway().url("default"), user, "x");
    }

    private static String engine(Connection connection) throws SQLException {
        return rows(connection, "SET spark.app.id").get(0).replaceFirst("^.*\\|", "");
    }

    private static void end(String application) {
        hadoop.drivers(application).forEach(ProcessHandle::destroyForcibly);
    }

    /** As the gateway's metrics have it. */
    private static String health() throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + world.gateway().adminPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("torii_cluster_healthy{cluster=\"yarn\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("");
    }
}
