package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose sessions share an engine, and what engines share. */
@Tag("system")
class SharingTest {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");

    private final World world = SharedWorld.get();

    @Test
    void launchesOneEngineForManyFirstStatementsOfOneUser() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> first = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                first.add(() -> engineOf("erin", "default"));
            }
            Set<String> engines = new HashSet<>();
            for (Future<String> engine : threads.invokeAll(first, 120, TimeUnit.SECONDS)) {
                engines.add(engine.get());
            }
            assertThat(engines).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void twoUsersHaveTwoEnginesAndOneCatalog() throws SQLException {
        String table = "shared_" + Long.toHexString(System.nanoTime());
        try (Connection alice = DRIVER.connect(world.url("default"), "alice", "x");
                Connection frank = DRIVER.connect(world.url("default"), "frank", "x")) {
            JdbcClientContract.run(alice, "CREATE TABLE " + table + " USING parquet AS SELECT 7 AS number");

            assertThat(JdbcClientContract.rows(frank, "SELECT number FROM " + table))
                    .containsExactly("7");
            assertThat(engine(frank)).isNotEqualTo(engine(alice));

            JdbcClientContract.run(frank, "DROP TABLE " + table);
        }
    }

    @Test
    void aSubdomainIsAnEngineOfItsOwnByTheNameThatKyuubiGivesIt() throws SQLException {
        String apart = engineOf("alice", "default?kyuubi.engine.share.level.subdomain=apart");

        assertThat(apart).isNotEqualTo(engineOf("alice", "default"));
        assertThat(apart).isEqualTo(engineOf("alice", "default?torii.engine.subdomain=apart"));
    }

    private String engineOf(String user, String rest) throws SQLException {
        try (Connection connection = DRIVER.connect(world.url(rest), user, "x")) {
            return engine(connection);
        }
    }

    private static String engine(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SET spark.app.id")) {
            result.next();
            return result.getString(2);
        }
    }
}
