package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HiveShapeTest extends EngineTest {
    private static final String TABLES = "SHOW TABLES IN shaped";

    private TestClient pyHive;

    @BeforeEach
    void makeTables() {
        pyHive = client("alice", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6);
        String session = alice.open();
        alice.rows(session, "CREATE DATABASE IF NOT EXISTS shaped");
        alice.rows(session, "CREATE TABLE IF NOT EXISTS shaped.one (a INT) USING parquet");
        alice.rows(session, "CREATE TABLE IF NOT EXISTS shaped.two (a INT) USING parquet");
    }

    @Test
    void showsNamesAloneToClientsThatTakeTheFirstColumnForTheName() {
        String session = pyHive.open();
        String statement = pyHive.execute(session, "/* all */ show tables from shaped");
        pyHive.end(session, statement);

        assertThat(pyHive.schema(session, statement).getSchema().getColumns())
                .extracting(column -> column.getColumnName())
                .containsExactly("tableName");
        assertThat(TestClient.strings(pyHive.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0)))
                .containsExactly("one", "two");
    }

    @Test
    void showsViewsInTheSameShape() {
        String session = pyHive.open();
        pyHive.rows(session, "CREATE TEMPORARY VIEW seen AS SELECT 1");

        assertThat(pyHive.rows(session, "SHOW VIEWS LIKE 'seen'")).containsExactly("seen");
    }

    @Test
    void showsTablesOfOtherCatalogsInTheSameShape() {
        String session = pyHive.open(
                Collections.singletonMap("spark.sql.catalog.sample", "io.torii.spark.catalog.SampleCatalog"));

        assertThat(pyHive.rows(session, "SHOW TABLES IN sample.sales"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).doesNotContain(","));
    }

    @Test
    void keepsSparksShapeForOthers() {
        assertThat(alice.rows(alice.open(), TABLES)).containsExactly("shaped,one,false", "shaped,two,false");
    }

    @Test
    void keepsSparksShapeOfEverythingElse() {
        assertThat(pyHive.rows(pyHive.open(), "SHOW TABLE EXTENDED IN shaped LIKE 'one'"))
                .singleElement()
                .asString()
                .startsWith("shaped,one,false,");
    }

    @Test
    void obeysTheSession() {
        assertThat(pyHive.rows(pyHive.open(setting("torii.session.hive-show-tables", "false")), TABLES))
                .first()
                .isEqualTo("shaped,one,false");
        assertThat(pyHive.rows(pyHive.open(setting("spark.sql.legacy.keepCommandOutputSchema", "true")), TABLES))
                .first()
                .isEqualTo("shaped,one,false");
        assertThat(alice.rows(alice.open(setting("torii.session.hive-show-tables", "true")), TABLES))
                .containsExactly("one", "two");
    }

    private static Map<String, String> setting(String key, String value) {
        return Collections.singletonMap(key, value);
    }
}
