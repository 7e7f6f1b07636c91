package io.torii.it.yarn;

import static io.torii.it.yarn.TestCluster.answer;
import static io.torii.it.yarn.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Eventually;
import io.torii.it.HiveDriver;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine on an HDFS and at a metastore whose tokens last a minute and a half, and not one second longer. */
@Tag("system")
@Tag("long")
class RenewedTokensTest {
    private static final String LIFETIME = Long.toString(Duration.ofSeconds(90).toMillis());

    /** Connections are not kept, so that each call has to show a token that is good now. */
    private static final MiniHadoopShape SHAPE = MiniHadoopShape.small()
            .secure()
            .withHdfs("dfs.namenode.delegation.token.max-lifetime", LIFETIME)
            .withHdfs("dfs.namenode.delegation.token.renew-interval", LIFETIME)
            .withCore("ipc.client.connection.maxidletime", "50")
            .withHive("hive.cluster.delegation.token.max-lifetime", LIFETIME)
            .withHive("hive.cluster.delegation.token.renew-interval", LIFETIME)
            .withHive("hive.metastore.client.socket.lifetime", "1s");

    @TempDir
    static Path directory;

    private static YarnWorld world;

    @BeforeAll
    static void start() {
        world = YarnWorld.start(
                directory, SHAPE, hadoop -> YarnWorld.configuration(hadoop) + "engine:\n  token-interval: 3s\n");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void outlivesTheTokensThatItWasLaunchedWith() throws SQLException, IOException {
        try (Connection alice = HiveDriver.of("3.1.3").connect(world.gateway().url(""), "alice", "");
                Statement statement = alice.createStatement()) {
            statement.execute("CREATE TABLE wages (amount INT) USING parquet");
            statement.execute("INSERT INTO wages VALUES (1), (2)");
            List<String> engine = world.hadoop().applicationsOf("alice");

            awaitTheEndOfTokensThatAreNewNow();

            statement.execute("INSERT INTO wages VALUES (4)");
            assertThat(number(statement, "SELECT sum(amount) FROM wages")).isEqualTo(7);
            statement.execute("CREATE TABLE bonus USING parquet AS SELECT amount * 2 AS amount FROM wages");
            assertThat(number(statement, "SELECT sum(amount) FROM bonus")).isEqualTo(14);

            replaceExecutors(engine.get(0));

            statement.execute("INSERT INTO bonus VALUES (1)");
            assertThat(number(statement, "SELECT sum(amount) FROM bonus")).isEqualTo(15);
            assertThat(world.hadoop().applicationsOf("alice"))
                    .as("the engine of before")
                    .isEqualTo(engine)
                    .hasSize(1);
        }
    }

    /** The engine's first ones, which are older, have ended before. */
    private static void awaitTheEndOfTokensThatAreNewNow() throws IOException {
        Path tokens = directory.resolve("tokens");
        try (TestCluster cluster = new TestCluster(world.hadoop(), "torii-other")) {
            Files.write(
                    tokens,
                    answer(cluster.backend()
                            .tokens(TestCluster.launch("alice", Map.of()).spec())));
        }
        world.hadoop().shellWith(tokens, "-ls", "/warehouse/wages");
        Eventually.holds(Duration.ofMinutes(3), () -> assertThatThrownBy(
                        () -> world.hadoop().shellWith(tokens, "-ls", "/warehouse/wages"))
                .hasMessageContaining("has expired"));
    }

    private static void replaceExecutors(String engine) {
        MiniHadoop hadoop = world.hadoop();
        List<ProcessHandle> before = hadoop.executors(engine);
        assertThat(before).isNotEmpty();
        before.forEach(ProcessHandle::destroyForcibly);
        await("another executor has come", () -> hadoop.executors(engine).stream()
                .anyMatch(executor -> !before.contains(executor)));
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
