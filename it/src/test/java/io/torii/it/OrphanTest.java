package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that nobody needs end by themselves. */
@Tag("system")
class OrphanTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final String SHORT_LIVES =
            """
            engine:
              orphan-timeout: 3s
              idle-timeout: %s
              heartbeat-interval: 1s
            clusters:
              - name: local
                type: local
                metastore: none
                settings:
                  spark.master: "local[1]"
                  spark.driver.memory: 512m
            """;

    @TempDir
    Path directory;

    @Test
    void anEngineThatReachesNoGatewayEndsItself() throws Exception {
        try (World world = World.start(directory, SHORT_LIVES.formatted("1h"))) {
            Connection connection = DRIVER.connect(world.url("default"), "alice", "x");
            JdbcClientContract.rows(connection, "SELECT 1");
            List<ProcessHandle> engines = world.engines();
            assertThat(engines).hasSize(1);

            world.killGateway();

            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(engines).noneMatch(ProcessHandle::isAlive));
            assertThatThrownBy(connection::close).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void anIdleEngineEndsItself() throws Exception {
        try (World world = World.start(directory, SHORT_LIVES.formatted("2s"))) {
            try (Connection connection = DRIVER.connect(world.url("default"), "alice", "x")) {
                JdbcClientContract.rows(connection, "SELECT 1");
                assertThat(world.engines()).hasSize(1);
            }

            Eventually.holds(
                    Duration.ofSeconds(30), () -> assertThat(world.engines()).isEmpty());
        }
    }
}
