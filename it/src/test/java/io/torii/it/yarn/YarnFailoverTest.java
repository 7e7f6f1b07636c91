package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.YarnWorld.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.it.Eventually;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.net.URI;
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

/** What users see when the active ResourceManager of a pair is killed and the other takes over: nothing. */
@Tag("system")
@Tag("long")
class YarnFailoverTest {
    private static final String LONG_READ = "SELECT count(*) FROM range(120000000) WHERE pow(id, 3) % 7 = 0.5";
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();
    /** ZooKeeper gives up a lost ResourceManager after ten seconds; then the other reads what there is. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static YarnWorld world;
    private static MiniHadoop hadoop;

    @BeforeAll
    static void start() {
        world = YarnWorld.start(directory, MiniHadoopShape.small().withPair());
        hadoop = world.hadoop();
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        world.close();
    }

    @Test
    void aStatementRunsOnAndNewEnginesComeFromTheOneThatHasTakenOver() throws Exception {
        try (Connection alice = world.connect("alice")) {
            String engine = application(alice);
            Future<List<String>> answer = CLIENT.submit(() -> rows(alice, LONG_READ));
            Eventually.holds(Duration.ofSeconds(60), () -> assertThat(hadoop.executors(engine))
                    .isNotEmpty());

            failOver();

            assertThat(answer.get(3, TimeUnit.MINUTES)).containsExactly("0");
            assertThat(application(alice)).isEqualTo(engine);
            assertThat(hadoop.applicationsOf("alice")).containsExactly(engine);
            assertThatAnEngineStartsFor("bob");

            hadoop.startResourceManager();
            failOver();

            assertThat(application(alice)).isEqualTo(engine);
            assertThatAnEngineStartsFor("carol");
        }
    }

    /** Kills the active one; returns once the gateway finds the cluster healthy again, which nobody has told it. */
    private static void failOver() {
        URI lost = hadoop.resourceManager();
        hadoop.killResourceManager();
        long begin = System.nanoTime();
        Eventually.holds(
                Duration.ofSeconds(11), () -> assertThat(world.isHealthy()).isFalse());
        long noticed = System.nanoTime();
        Eventually.holds(TAKE_OVER, () -> assertThat(hadoop.resourceManager()).isNotEqualTo(lost));
        long active = System.nanoTime();
        Eventually.holds(
                Duration.ofSeconds(15), () -> assertThat(world.isHealthy()).isTrue());
        long healthy = System.nanoTime();
        System.out.printf(
                "unhealthy %.1f s after the ResourceManager's death, for %.1f s; the other was active %.1f s after"
                        + " it%n",
                (noticed - begin) / 1e9, (healthy - noticed) / 1e9, (active - begin) / 1e9);
    }

    private static void assertThatAnEngineStartsFor(String user) throws SQLException {
        try (Connection connection = world.connect(user)) {
            assertThat(rows(connection, "SELECT current_user()")).containsExactly(user);
            assertThat(hadoop.applicationsOf(user)).containsExactly(application(connection));
            world.endEngine(application(connection));
        }
    }
}
