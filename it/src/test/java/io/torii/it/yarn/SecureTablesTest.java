package io.torii.it.yarn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoopShape;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users without a ticket at tables of an HDFS and a metastore that demand Kerberos: each engine has its user's tokens. */
@Tag("system")
@Tag("long")
class SecureTablesTest {
    @TempDir
    static Path directory;

    private static YarnWorld world;

    @BeforeAll
    static void start() {
        world = YarnWorld.start(directory, MiniHadoopShape.small().secure());
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void belongToWhoMadeThemAndToNobodyElse() throws SQLException {
        try (Connection alice = world.connect("alice");
                Statement statement = alice.createStatement()) {
            statement.execute("CREATE TABLE wages (amount INT) USING parquet");
            statement.execute("INSERT INTO wages VALUES (1), (2)");

            assertThat(number(statement, "SELECT sum(amount) FROM wages")).isEqualTo(3);
        }
        world.hadoop().shell("-chmod", "700", "/warehouse/wages");
        assertThat(world.hadoop().shell("-stat", "%u", "/warehouse/wages")).isEqualTo("alice");
        try (Connection bob = world.connect("bob");
                Statement statement = bob.createStatement()) {
            assertThatThrownBy(() -> number(statement, "SELECT sum(amount) FROM wages"))
                    .hasMessageContaining("Permission denied: user=bob");
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
