package io.torii.it;

import static io.torii.it.JdbcClientContract.rows;
import static io.torii.it.JdbcClientContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's tables on the gateway's own host, in the metastore that it has started there. */
@Tag("system")
@Tag("long")
class IcebergTest {
    @TempDir
    Path directory;

    @Test
    void isOneLineAway() throws SQLException {
        String configuration =
                """
                clusters:
                  - name: local
                    type: local
                    iceberg: %s
                """
                        .formatted(Home.directory().resolve("it/target/iceberg/iceberg-spark-runtime.jar"));
        try (World world = World.start(directory, configuration);
                Connection alice = HiveDriver.of("3.1.3").connect(world.url("default"), "alice", "x")) {
            run(alice, "CREATE TABLE numbers USING iceberg AS SELECT id FROM range(3)");
            run(alice, "DELETE FROM numbers WHERE id = 1");

            assertThat(rows(alice, "SELECT id FROM numbers ORDER BY id")).containsExactly("0", "2");
        }
    }
}
