package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SqlEffectsTest extends EngineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET spark.sql.shuffle.partitions=3",
                "SET a=b",
                "SET TIME ZONE 'UTC'",
                "RESET",
                "RESET spark.sql.shuffle.partitions",
                "USE default",
                "USE SCHEMA default",
                "SET CATALOG spark_catalog",
                "CREATE TEMPORARY VIEW v1 AS SELECT 1",
                "CREATE OR REPLACE TEMP VIEW v2 AS SELECT 1",
                "CREATE OR REPLACE GLOBAL TEMPORARY VIEW g1 AS SELECT 1",
                "CREATE TEMPORARY VIEW v3 (a INT) USING csv OPTIONS (path '/nowhere/at/all', mode 'x')",
                "/* why */ set a.b=c;",
            })
    void journalsWhatChangesTheSession(String sql) {
        TestClient.Status end = alice.run(alice.open(), sql);

        if (sql.contains("/nowhere") && end.state().equals("ERROR_STATE")) {
            assertThat(end.journal()).isNull();
            return;
        }
        assertThat(end.state()).as("%s", end.answer).isEqualTo("FINISHED_STATE");
        assertThat(end.journal()).isEqualTo(sql);
        assertThat(end.pinned()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SET",
                "SET -v",
                "SET spark.sql.shuffle.partitions",
                "SHOW TABLES",
                "SHOW DATABASES",
                "DESCRIBE FUNCTION length",
                "CREATE TABLE IF NOT EXISTS lasting (a INT) USING parquet",
                "CREATE OR REPLACE VIEW lasting_view AS SELECT 1 AS a",
                "ALTER VIEW lasting_view AS SELECT 2 AS a",
                "DROP VIEW lasting_view",
                "EXPLAIN SET a=b",
                "DROP TABLE IF EXISTS never_there",
                "CLEAR CACHE",
            })
    void journalsNothingElse(String sql) {
        String session = alice.open();
        alice.run(session, "CREATE VIEW IF NOT EXISTS lasting_view AS SELECT 1 AS a");

        TestClient.Status end = alice.run(session, sql);

        assertThat(end.state()).as("%s", end.answer).isEqualTo("FINISHED_STATE");
        assertThat(end.journal()).isNull();
        assertThat(end.pinned()).isNull();
    }

    @Test
    void journalsChangesOfTemporaryViews() {
        String session = alice.open();
        alice.run(session, "CREATE TEMPORARY VIEW v AS SELECT 1 AS a");

        assertThat(alice.run(session, "ALTER VIEW v AS SELECT 2 AS a").journal())
                .isNotNull();
        assertThat(alice.run(session, "ALTER VIEW v RENAME TO w").journal()).isNotNull();
        assertThat(alice.run(session, "DROP VIEW w").journal()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE TEMPORARY FUNCTION f AS 'a.B' USING JAR 'f.jar', true",
        "CREATE FUNCTION f AS 'a.B', false",
        "DROP TEMPORARY FUNCTION f, true",
        "ADD JAR f.jar, true",
        "ADD FILE f.txt, true",
        "ADD ARCHIVE f.zip, true",
        "LIST JARS, false",
    })
    void knowsCommandsOfFunctionsAndFiles(String sql, boolean journalled) throws Exception {
        LogicalPlan plan = spark.sessionState().sqlParser().parsePlan(sql);

        assertThat(SessionEffect.of(spark, plan).isJournalled()).isEqualTo(journalled);
    }

    @Test
    void journalsNothingOfAStatementThatFailed() {
        TestClient.Status end = alice.run(alice.open(), "USE nowhere");

        assertThat(end.state()).isEqualTo("ERROR_STATE");
        assertThat(end.journal()).isNull();
    }

    @Test
    void pinsASessionThatCachesATable() {
        String session = alice.open();

        assertThat(alice.run(session, "CACHE TABLE c AS SELECT 1").pinned()).isEqualTo("cached table");
        alice.run(session, "CREATE TEMPORARY VIEW d AS SELECT 2");
        assertThat(alice.run(session, "CACHE LAZY TABLE d").pinned()).isEqualTo("cached table");
        alice.run(session, "CLEAR CACHE");
    }

    @Test
    void pinsASessionWhoseJournalCouldNotBeCarried() {
        StringBuilder values = new StringBuilder("CREATE TEMPORARY VIEW big AS SELECT '");
        for (int i = 0; i < 300_000; i++) {
            values.append('x');
        }

        TestClient.Status end = alice.run(alice.open(), values.append('\'').toString());

        assertThat(end.state()).isEqualTo("FINISHED_STATE");
        assertThat(end.journal()).isNull();
        assertThat(end.pinned()).isEqualTo("long statement");
    }

    @Test
    void appliesAnOverlayToItsStatementAlone() {
        String session = alice.open();
        alice.run(session, "CREATE TEMPORARY VIEW v AS SELECT 1");
        String with = alice.execute(session, "SET spark.sql.shuffle.partitions", overlay("11"), 0);
        String beside = alice.execute(session, "SET spark.sql.shuffle.partitions");
        String view = alice.execute(session, "SELECT * FROM v", overlay("11"), 0);

        assertThat(first(session, with)).isEqualTo("spark.sql.shuffle.partitions,11");
        assertThat(first(session, beside)).isEqualTo("spark.sql.shuffle.partitions,2");
        assertThat(first(session, view)).isEqualTo("1");
        assertThat(alice.rows(session, "SET spark.sql.shuffle.partitions"))
                .containsExactly("spark.sql.shuffle.partitions,2");
    }

    @Test
    void keepsTheStateThatAStatementWithAnOverlayMakes() {
        String session = alice.open();
        String statement = alice.execute(session, "CREATE TEMPORARY VIEW kept AS SELECT 1", overlay("11"), 0);

        assertThat(alice.end(session, statement).journal()).isNotNull();
        assertThat(alice.rows(session, "SELECT * FROM kept")).containsExactly("1");
        assertThat(alice.log(session, statement)).anySatisfy(line -> assertThat(line)
                .endsWith("WARN The statement's own settings were ignored: it changes its session"));
    }

    @Test
    void runsAStatementInTheQueueThatItNames() throws Exception {
        String session = alice.open(Collections.singletonMap("spark.scheduler.pool", "nightly"));
        Map<String, String> seen = new HashMap<>();
        TestSpark.watchJobs(
                properties -> properties.forEach((key, value) -> seen.put(key.toString(), value.toString())),
                () -> alice.rows(session, "SELECT count(*) FROM range(10)"));

        assertThat(seen)
                .containsEntry("spark.scheduler.pool", "nightly")
                .containsEntry("kyuubi.session.user", "alice")
                .containsEntry("torii.session.user", "alice")
                .containsEntry("spark.job.description", "SELECT count(*) FROM range(10)");
    }

    private String first(String session, String statement) {
        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
        return TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0))
                .get(0);
    }

    private static Map<String, String> overlay(String partitions) {
        return Collections.singletonMap("spark.sql.shuffle.partitions", partitions);
    }
}
