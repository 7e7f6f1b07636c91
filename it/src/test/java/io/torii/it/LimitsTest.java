package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions cost no engine until they need one, and there are as many as an administrator allows. */
@Tag("system")
class LimitsTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                limits:
                  sessions-per-user: 2
                session:
                  disconnect-grace: 1s
                clusters:
                  - name: local
                    type: local
                    metastore: none
                """);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void aUserHasAsManySessionsAsAllowedAndIsToldSo() throws SQLException {
        try (Connection first = connect("alice");
                Connection second = connect("alice")) {
            assertThatThrownBy(() -> connect("alice"))
                    .hasMessageContaining("There are 2 open sessions of user alice, as many as there may be");
            connect("bob").close();

            second.close();

            connect("alice").close();
            assertThat(first.isClosed()).isFalse();
        }
    }

    @Test
    void aSessionEndsAGracePeriodAfterItsConnectionWasLost() throws Exception {
        RawClient lost = RawClient.connect(world.thriftPort(), "carol", "x");
        lost.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
        try (Connection second = connect("carol")) {
            assertThatThrownBy(() -> connect("carol")).hasMessageContaining("2 open sessions of user carol");

            lost.close();

            Eventually.holds(Duration.ofSeconds(10), () -> connect("carol").close());
            assertThat(second.isClosed()).isFalse();
        }
    }

    @Test
    void openingAConnectionStartsNoEngine() throws SQLException {
        try (Connection connection = connect("dave")) {
            assertThat(connection.getMetaData().getDatabaseProductName()).isNotBlank();
            assertThat(world.engines()).isEmpty();
        }
    }

    private static Connection connect(String user) throws SQLException {
        return DRIVER.connect(world.url("default"), user, "x");
    }
}
