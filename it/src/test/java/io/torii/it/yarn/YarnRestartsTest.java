package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.YarnWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Eventually;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
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
        try (Connection alice = world.connect("alice");
                Connection bob = world.connect("bob")) {
            String engine = application(alice);
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(engine))
                    .isNotEmpty());

            hadoop.killResourceManager();
            Eventually.holds(
                    Duration.ofSeconds(11), () -> assertThat(world.isHealthy()).isFalse());
            assertThatThrownBy(() -> rows(bob, "SELECT 1")).isInstanceOfSatisfying(SQLException.class, problem -> {
                assertThat(problem.getSQLState()).isEqualTo("57000");
                assertThat(problem.getMessage())
                        .contains(
                                "Cluster yarn takes no new work: the ResourceManager of cluster yarn does not answer");
            });
            try (Connection another = world.connect("alice")) {
                assertThat(application(another)).as("what runs can be used").isEqualTo(engine);
            }
            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");

            hadoop.startResourceManager();
            Eventually.holds(
                    Duration.ofSeconds(15), () -> assertThat(world.isHealthy()).isTrue());
            assertThat(rows(bob, "SELECT 1")).containsExactly("1");
            assertThat(application(alice)).isEqualTo(engine);
            world.endEngine(application(bob));
        }
    }

    @Test
    void anEngineOutlivesTheGatewayThatHasLaunchedIt() throws Exception {
        Connection lost = world.connect("alice"); // with its gateway: there will be nothing to close
        String engine = application(lost);
        Future<List<String>> answer = CLIENT.submit(() -> rows(lost, LONG_READ));
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(engine))
                .isNotEmpty());

        world.gateway().killGateway();
        assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SQLException.class);
        world.gateway().restartGateway();

        try (Connection alice = world.connect("alice")) {
            assertThat(rows(alice, "SELECT 1")).containsExactly("1");
            assertThat(application(alice)).isEqualTo(engine);
        }
    }

    @Test
    void aLaunchWhoseGatewayIsKilledIsTakenOverAndNeverMadeTwice() throws Exception {
        Connection lost = world.connect("carol"); // with its gateway: there will be nothing to close
        Future<List<String>> answer = CLIENT.submit(() -> rows(lost, "SELECT 1"));
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.applicationsOf("carol"))
                .hasSize(1));
        List<String> launched = hadoop.applicationsOf("carol");

        world.gateway().killGateway();
        assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SQLException.class);
        world.gateway().restartGateway();

        try (Connection carol = world.connect("carol")) {
            assertThat(application(carol)).isEqualTo(launched.get(0));
            assertThat(hadoop.applicationsOf("carol")).isEqualTo(launched);
            world.endEngine(application(carol));
        }
    }
}
