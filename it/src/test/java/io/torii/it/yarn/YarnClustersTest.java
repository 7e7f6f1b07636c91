package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.EngineLaunch;
import io.torii.engine.yarn.YarnBackend;
import io.torii.it.Eventually;
import io.torii.it.HiveDriver;
import io.torii.it.World;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import io.torii.server.store.sql.DatabaseSettings;
import io.torii.server.store.sql.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways on one PostgreSQL, and two YARN clusters, one of which is dead. */
@Tag("system")
@Tag("long")
class YarnClustersTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final ExecutorService CLIENT = Executors.newCachedThreadPool();

    @TempDir
    static Path directory;

    private static MiniHadoop hadoop;
    private static World a;
    private static World b;

    @BeforeAll
    static void start() throws Exception {
        hadoop = MiniHadoop.start(Files.createDirectory(directory.resolve("hadoop")), MiniHadoopShape.small());
        DatabaseSettings store = PostgresServer.shared().newDatabase(20);
        Map<String, String> variables = Map.of(
                "TORII_STORE_URL", store.url(),
                "TORII_STORE_USER", store.user().orElseThrow(),
                "TORII_STORE_PASSWORD", store.password().orElseThrow().value());
        String configuration = YarnWorld.configuration(hadoop)
                .replace(
                        "router:",
                        """
                          - name: dead
                            type: yarn
                            yarn:
                              hadoop-conf-dir: %s
                        router:"""
                                .formatted(siteOfNobody()));
        a = World.start(directory.resolve("a"), configuration, variables);
        b = World.start(directory.resolve("b"), configuration, variables);
    }

    @AfterAll
    static void end() {
        CLIENT.shutdownNow();
        for (World gateway : new World[] {a, b}) {
            if (gateway != null) {
                gateway.close();
            }
        }
        if (hadoop != null) {
            hadoop.close();
        }
    }

    @Test
    void twoGatewaysThatRaceForOneLaunchMakeOneApplication() throws Exception {
        List<Callable<String>> first = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            first.add(() -> engineOf(a, "erin"));
            first.add(() -> engineOf(b, "erin"));
        }

        List<String> engines = new ArrayList<>();
        for (Future<String> engine : CLIENT.invokeAll(first, 3, TimeUnit.MINUTES)) {
            engines.add(engine.get());
        }

        assertThat(engines).hasSize(6).containsOnly(engines.get(0));
        assertThat(hadoop.applicationsOf("erin")).containsExactly(engines.get(0));
    }

    @Test
    void aDeadClusterRefusesInOneSentenceAndHarmsNoOther() throws Exception {
        try (Connection alice = DRIVER.connect(a.url("default?torii.cluster=dead"), "alice", "x")) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> rows(alice, "SELECT 1")).isInstanceOfSatisfying(SQLException.class, problem -> {
                assertThat(problem.getSQLState()).isEqualTo("57000");
                assertThat(problem.getMessage())
                        .startsWith("Cluster dead takes no new work: the ResourceManager of cluster dead does not"
                                + " answer at localhost:1");
                assertThat(problem.getMessage().lines()).hasSize(1);
            });
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(engineOf(a, "erin")).startsWith("application_");
    }

    @Test
    void anApplicationThatNoGatewayKnowsIsKilled() throws Exception {
        String known = engineOf(a, "erin");
        String deployment = hadoop.tagsOf(known).stream()
                .filter(tag -> !tag.matches("torii-[0-9a-f]{32}"))
                .findFirst()
                .orElseThrow();
        EngineLaunch unknown = TestCluster.launch("frank", Map.of());
        try (TestCluster stranger = new TestCluster(hadoop, deployment)) {
            YarnBackend backend = stranger.backend();
            backend.submit(unknown).join();
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(hadoop.applicationsOf("frank"))
                    .hasSize(1));

            Eventually.holds(Duration.ofMinutes(4), () -> assertThat(hadoop.applicationsOf("frank"))
                    .isEmpty());
        }
        assertThat(hadoop.applicationsOf("erin")).containsExactly(known);
    }

    private static String engineOf(World gateway, String user) throws SQLException {
        try (Connection connection = DRIVER.connect(gateway.url("default"), user, "x")) {
            return rows(connection, "SET spark.app.id").get(0).replaceFirst("^.*\\|", "");
        }
    }

    private static Path siteOfNobody() throws IOException {
        Path site = Files.createDirectory(directory.resolve("nobody"));
        Files.writeString(
                site.resolve("core-site.xml"),
                "<configuration><property><name>fs.defaultFS</name><value>hdfs://localhost:1</value></property>"
                        + "</configuration>");
        Files.writeString(
                site.resolve("yarn-site.xml"),
                "<configuration><property><name>yarn.resourcemanager.address</name><value>localhost:1</value></property>"
                        + "</configuration>");
        return site;
    }
}
