package io.torii.it.yarn;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.JdbcClientContract.run;
import static io.torii.it.YarnWorld.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.it.Home;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoopShape;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's tables in the metastore that all engines share, by one line in the cluster's configuration. */
@Tag("system")
@Tag("long")
class IcebergTablesTest {
    private static final Path RUNTIME = Home.directory().resolve("it/target/iceberg/iceberg-spark-runtime.jar");

    @TempDir
    static Path directory;

    private static YarnWorld world;

    @BeforeAll
    static void start() {
        world = YarnWorld.start(directory, MiniHadoopShape.small(), hadoop -> YarnWorld.configuration(hadoop)
                .replace("    settings:", "    iceberg: " + RUNTIME + "\n    settings:"));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void areChangedAndReadAsTheyWereByAnyUsersEngine() throws SQLException {
        try (Connection alice = world.connect("alice");
                Connection bob = world.connect("bob")) {
            run(alice, "CREATE TABLE orders (id INT, state STRING) USING iceberg");
            run(alice, "INSERT INTO orders VALUES (1, 'new'), (2, 'new'), (3, 'new')");
            run(alice, "UPDATE orders SET state = 'sent' WHERE id = 2");
            run(alice, "DELETE FROM orders WHERE id = 3");
            run(
                    alice,
                    "MERGE INTO orders USING (SELECT 1 AS id, 'paid' AS state UNION ALL SELECT 4, 'new') AS news"
                            + " ON orders.id = news.id WHEN MATCHED THEN UPDATE SET state = news.state"
                            + " WHEN NOT MATCHED THEN INSERT *");

            assertThat(rows(bob, "SELECT * FROM orders ORDER BY id")).containsExactly("1|paid", "2|sent", "4|new");
            String first = rows(bob, "SELECT snapshot_id FROM default.orders.history ORDER BY made_current_at")
                    .get(0);
            assertThat(rows(bob, "SELECT * FROM orders VERSION AS OF " + first + " ORDER BY id"))
                    .containsExactly("1|new", "2|new", "3|new");
            assertThat(rows(bob, "SELECT operation FROM default.orders.snapshots ORDER BY committed_at"))
                    .containsExactly("append", "overwrite", "overwrite", "overwrite");
            assertThat(application(bob)).isNotEqualTo(application(alice));
        }
    }

    @Test
    void standBesideTablesOfOtherFormats() throws SQLException {
        try (Connection alice = world.connect("alice");
                Connection bob = world.connect("bob")) {
            run(alice, "CREATE TABLE plain USING parquet AS SELECT id FROM range(3)");
            run(alice, "CREATE TABLE hives (id BIGINT) STORED AS TEXTFILE");
            run(alice, "INSERT INTO hives SELECT id FROM range(4)");
            run(alice, "CREATE TABLE counted USING iceberg AS SELECT id FROM range(5)");

            assertThat(rows(bob, "SELECT count(*) FROM plain JOIN hives USING (id) JOIN counted USING (id)"))
                    .containsExactly("3");
            assertThat(rows(bob, "SHOW TABLES")).contains("default|counted|false", "default|hives|false");
            assertThat(provider(bob, "plain")).isEqualTo("parquet");
            assertThat(provider(bob, "hives")).isEqualTo("hive");
            assertThat(provider(bob, "counted")).isEqualTo("iceberg");
        }
    }

    private static String provider(Connection connection, String table) throws SQLException {
        return rows(connection, "DESCRIBE EXTENDED " + table).stream()
                .filter(row -> row.startsWith("Provider|"))
                .map(row -> row.split("\\|")[1])
                .findFirst()
                .orElse("none");
    }
}
