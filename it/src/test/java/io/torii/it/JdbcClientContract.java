package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users of Hive's JDBC driver rely on, whichever version of it they have. */
@Tag("system")
public abstract class JdbcClientContract {
    private static final String TWENTY_THOUSAND_ROWS_AND_NO_MORE =
            "SELECT id, if(id < 20000, id, java_method('java.lang.Thread', 'sleep', 600000L)) FROM range(0, 40000, 1, 2)";

    private static final String LONG_RUNNING =
            "SELECT count(*) FROM range(1000000000000) a WHERE pow(a.id, 3) % 7 = 0.5";

    private final World world = SharedWorld.get();

    protected abstract HiveDriver driver();

    /** Where to connect, and how. */
    protected String url(String rest) {
        return world.url(rest);
    }

    protected Connection connect(String rest) throws SQLException {
        return driver().connect(url(rest), "alice", "secret");
    }

    @Test
    void opensAndSaysWhatItIs() throws SQLException {
        try (Connection connection = connect("default")) {
            assertThat(connection.isValid(10)).isTrue();
            assertThat(connection.getMetaData().getDatabaseProductName()).isNotBlank();
            assertThat(connection.getMetaData().getDatabaseProductVersion()).isNotBlank();
            assertThat(connection.getMetaData().getSQLKeywords()).isNotNull();
        }
    }

    @Test
    void answersAStatement() throws SQLException {
        try (Connection connection = connect("default")) {
            assertThat(rows(connection, "SELECT 1 AS one, 'a' AS letter")).containsExactly("1|a");
        }
    }

    @Test
    void readsEveryTypeAndItsNull() throws SQLException {
        String values = "SELECT true AS c_boolean, 1Y AS c_tinyint, 2S AS c_smallint, 3 AS c_int, 4L AS c_bigint,"
                + " CAST(1.5 AS FLOAT) AS c_float, 2.5D AS c_double, CAST(12.345 AS DECIMAL(10,3)) AS c_decimal,"
                + " 'text' AS c_string, CAST('2024-02-29' AS DATE) AS c_date,"
                + " TIMESTAMP '2024-02-29 12:34:56.789' AS c_timestamp,"
                + " TIMESTAMP_NTZ '2024-02-29 12:34:56.789' AS c_timestamp_ntz, X'0AFF' AS c_binary,"
                + " INTERVAL '1-2' YEAR TO MONTH AS c_interval_ym,"
                + " INTERVAL '1 02:03:04.5' DAY TO SECOND AS c_interval_dt,"
                + " array(1, 2, null) AS c_array, map('k', 1) AS c_map,"
                + " named_struct('a', 1, 'b', 'x') AS c_struct, null AS c_void";
        String nulls = "SELECT " + "null, ".repeat(18) + "null";
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(values + " UNION ALL " + nulls)) {
            ResultSetMetaData columns = result.getMetaData();
            assertThat(result.next()).isTrue();
            boolean nullsFirst = result.getString(1) == null;
            if (nullsFirst) {
                assertAllNull(result, columns.getColumnCount());
                assertThat(result.next()).isTrue();
            }
            assertThat(result.getBoolean("c_boolean")).isTrue();
            assertThat(result.getByte("c_tinyint")).isEqualTo((byte) 1);
            assertThat(result.getShort("c_smallint")).isEqualTo((short) 2);
            assertThat(result.getInt("c_int")).isEqualTo(3);
            assertThat(result.getLong("c_bigint")).isEqualTo(4);
            assertThat(result.getFloat("c_float")).isEqualTo(1.5f);
            assertThat(result.getDouble("c_double")).isEqualTo(2.5);
            assertThat(result.getBigDecimal("c_decimal")).isEqualTo(new BigDecimal("12.345"));
            assertThat(result.getString("c_string")).isEqualTo("text");
            assertThat(result.getDate("c_date")).isEqualTo(Date.valueOf("2024-02-29"));
            assertThat(result.getTimestamp("c_timestamp")).isEqualTo(Timestamp.valueOf("2024-02-29 12:34:56.789"));
            assertThat(result.getTimestamp("c_timestamp_ntz")).isEqualTo(Timestamp.valueOf("2024-02-29 12:34:56.789"));
            assertThat(result.getObject("c_binary")).isEqualTo(new byte[] {0x0A, (byte) 0xFF});
            assertThat(result.getString("c_interval_ym")).isEqualTo("1-2");
            assertThat(result.getString("c_interval_dt")).startsWith("1 02:03:04.5");
            assertThat(result.getString("c_array")).isEqualTo("[1,2,null]");
            assertThat(result.getString("c_map")).isEqualTo("{\"k\":1}");
            assertThat(result.getString("c_struct")).isEqualTo("{\"a\":1,\"b\":\"x\"}");
            assertThat(result.getString("c_void")).isNull();
            if (!nullsFirst) {
                assertThat(result.next()).isTrue();
                assertAllNull(result, columns.getColumnCount());
            }
            assertThat(result.next()).isFalse();

            assertThat(columns.getColumnType(1)).isEqualTo(Types.BOOLEAN);
            assertThat(columns.getColumnType(5)).isEqualTo(Types.BIGINT);
            assertThat(columns.getColumnType(8)).isEqualTo(Types.DECIMAL);
            assertThat(columns.getPrecision(8)).isEqualTo(10);
            assertThat(columns.getScale(8)).isEqualTo(3);
            assertThat(columns.getColumnType(10)).isEqualTo(Types.DATE);
            assertThat(columns.getColumnType(11)).isEqualTo(Types.TIMESTAMP);
            assertThat(columns.getColumnType(13)).isEqualTo(Types.BINARY);
            assertThat(columns.getColumnLabel(19)).isEqualTo("c_void");
        }
    }

    private static void assertAllNull(ResultSet result, int columns) throws SQLException {
        for (int column = 1; column <= columns; column++) {
            assertThat(result.getObject(column)).as("column %d", column).isNull();
        }
    }

    @Test
    void readsCharAndVarcharColumnsOfTables() throws SQLException {
        try (Connection connection = connect("default")) {
            String table = "chars_" + Long.toHexString(System.nanoTime());
            run(connection, "CREATE TABLE " + table + " (c CHAR(5), v VARCHAR(7)) USING parquet");
            run(connection, "INSERT INTO " + table + " VALUES ('ab', 'cd'), (null, null)");

            assertThat(rows(connection, "SELECT c, v FROM " + table + " ORDER BY v DESC"))
                    .containsExactly("ab   |cd", "null|null");

            run(connection, "DROP TABLE " + table);
        }
    }

    @Test
    void listsCatalogsSchemasTablesColumnsAndFunctions() throws SQLException {
        try (Connection connection = connect("default")) {
            String schema = "meta_" + Long.toHexString(System.nanoTime());
            run(connection, "CREATE SCHEMA " + schema);
            run(
                    connection,
                    "CREATE TABLE " + schema + ".orders (id BIGINT COMMENT 'the key', name STRING) USING parquet");
            run(connection, "CREATE VIEW " + schema + ".recent AS SELECT * FROM " + schema + ".orders");

            assertThat(column(connection.getMetaData().getCatalogs(), "TABLE_CAT"))
                    .contains("spark_catalog");
            assertThat(column(connection.getMetaData().getSchemas(null, schema), "TABLE_SCHEM"))
                    .containsExactly(schema);
            assertThat(column(
                            connection.getMetaData().getTables(null, schema, "%", new String[] {"TABLE"}),
                            "TABLE_NAME"))
                    .containsExactly("orders");
            assertThat(column(
                            connection.getMetaData().getTables(null, schema, "%", new String[] {"VIEW"}), "TABLE_NAME"))
                    .containsExactly("recent");
            assertThat(column(connection.getMetaData().getTables(null, schema, "or_ers", null), "TABLE_TYPE"))
                    .containsExactly("TABLE");
            try (ResultSet columns = connection.getMetaData().getColumns(null, schema, "orders", "%")) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo("id");
                assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.BIGINT);
                assertThat(columns.getString("REMARKS")).isEqualTo("the key");
                assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(1);
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo("name");
                assertThat(columns.next()).isFalse();
            }
            assertThat(column(connection.getMetaData().getFunctions(null, null, "abs"), "FUNCTION_NAME"))
                    .contains("abs");
            assertThat(column(connection.getMetaData().getTypeInfo(), "TYPE_NAME"))
                    .contains("BIGINT", "DECIMAL");
            assertThat(column(connection.getMetaData().getTableTypes(), "TABLE_TYPE"))
                    .contains("TABLE", "VIEW");
            assertThat(column(connection.getMetaData().getPrimaryKeys(null, schema, "orders"), "COLUMN_NAME"))
                    .isEmpty();
            run(connection, "DROP SCHEMA " + schema + " CASCADE");
        }
    }

    @Test
    void cancelsWithinASecondWhileThePollIsOutstanding() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement()) {
            rows(connection, "SELECT 1");
            Future<SQLException> end = threads.submit(
                    () -> catchThrowableOfType(SQLException.class, () -> statement.executeQuery(LONG_RUNNING)));
            Eventually.holds(
                    Duration.ofSeconds(20), () -> assertThat(log(statement)).isNotEmpty());

            long before = System.nanoTime();
            statement.cancel();

            assertThat(end.get(10, TimeUnit.SECONDS).getMessage()).containsIgnoringCase("cancel");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1000));
            assertThat(rows(connection, "SELECT 2")).containsExactly("2");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void withEarlyPagesReadsRowsBeforeTheLastIsThereAndCancelsWhileItWaitsForMore() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement()) {
            rows(connection, "SET `torii.session.early-pages`=true");
            AtomicInteger read = new AtomicInteger();
            Future<SQLException> end =
                    threads.submit(() -> catchThrowableOfType(SQLException.class, () -> readAll(statement, read)));
            Eventually.holds(Duration.ofSeconds(30), () -> assertThat(read).hasValueGreaterThan(19_000));

            long before = System.nanoTime();
            statement.cancel();

            assertThat(end.get(10, TimeUnit.SECONDS).getMessage()).containsIgnoringCase("cancel");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
            assertThat(rows(connection, "SELECT 2")).containsExactly("2");
        } finally {
            threads.shutdownNow();
        }
    }

    private static void readAll(Statement statement, AtomicInteger read) throws SQLException {
        statement.setFetchSize(10_000);
        try (ResultSet result = statement.executeQuery(TWENTY_THOUSAND_ROWS_AND_NO_MORE)) {
            while (result.next()) {
                assertThat(result.getInt(1)).isEqualTo(read.getAndIncrement());
            }
        }
    }

    @Test
    void endsAStatementAtItsTimeOut() throws SQLException {
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement()) {
            rows(connection, "SELECT 1");
            statement.setQueryTimeout(1);
            long before = System.nanoTime();

            assertThatThrownBy(() -> statement.executeQuery(LONG_RUNNING))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("timed out");

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
            assertThat(rows(connection, "SELECT 2")).containsExactly("2");
        }
    }

    @Test
    void readsAMillionRowsInOrder() throws SQLException {
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet result = statement.executeQuery(
                    "SELECT id, concat('row ', id) AS name, id / 2.0D AS half FROM range(0, 1000000, 1, 7)")) {
                long expected = 0;
                while (result.next()) {
                    if (result.getLong(1) != expected || !result.getString(2).equals("row " + expected)) {
                        throw new AssertionError("row " + expected + " is " + result.getLong(1));
                    }
                    expected++;
                }
                assertThat(expected).isEqualTo(1_000_000);
            }
        }
    }

    @Test
    void reportsErrorsWithSqlStateAndTheEnginesMessageFirstAndGoesOn() throws SQLException {
        try (Connection connection = connect("default")) {
            SQLException missing = failure(connection, "SELECT * FROM no_such_table");
            assertThat(missing.getSQLState()).isEqualTo("42P01");
            assertThat(missing.getMessage())
                    .contains("[TABLE_OR_VIEW_NOT_FOUND]")
                    .contains("no_such_table");

            SQLException syntax = failure(connection, "SELEC 1");
            assertThat(syntax.getSQLState()).isEqualTo("42601");
            assertThat(syntax.getMessage()).contains("[PARSE_SYNTAX_ERROR]");

            SQLException division = failure(connection, "SELECT raise_error('mind the gap')");
            assertThat(division.getMessage()).contains("mind the gap");

            assertThat(rows(connection, "SELECT 3")).containsExactly("3");
        }
    }

    @Test
    void runsSeveralStatementsOfOneSessionAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Connection connection = connect("default")) {
            List<Callable<List<String>>> work = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                int number = i;
                work.add(() -> rows(connection, "SELECT " + number + " + sum(id) FROM range(1000)"));
            }
            List<Future<List<String>>> answers = threads.invokeAll(work, 60, TimeUnit.SECONDS);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).containsExactly(String.valueOf(499_500 + i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keepsTheStateOfASessionAndLeaksNoneOfIt() throws SQLException {
        try (Connection mine = connect("default");
                Connection other = connect("default")) {
            run(mine, "SET spark.sql.session.timeZone=Asia/Tokyo");
            run(mine, "CREATE TEMPORARY VIEW mine AS SELECT 42 AS answer");

            assertThat(rows(mine, "SELECT current_timezone(), answer FROM mine"))
                    .containsExactly("Asia/Tokyo|42");
            assertThat(rows(other, "SELECT current_timezone()")).doesNotContain("Asia/Tokyo");
            assertThat(failure(other, "SELECT * FROM mine").getSQLState()).isEqualTo("42P01");
        }
    }

    @Test
    void servesTwoHundredSessionsOfOneUserAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(50);
        List<Connection> connections = new ArrayList<>();
        try {
            List<Callable<Connection>> opening = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                opening.add(() -> connect("default"));
            }
            for (Future<Connection> opened : threads.invokeAll(opening, 60, TimeUnit.SECONDS)) {
                connections.add(opened.get());
            }
            List<Callable<List<String>>> work = new ArrayList<>();
            for (Connection connection : connections) {
                work.add(() -> rows(connection, "SELECT current_user(), 7"));
            }
            for (Future<List<String>> answer : threads.invokeAll(work, 120, TimeUnit.SECONDS)) {
                assertThat(answer.get()).containsExactly("alice|7");
            }
        } finally {
            threads.shutdown();
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void takesTheNamesOfHiveAndKyuubiForSettings() throws SQLException {
        String rest = "default;hive.server2.thrift.resultset.default.fetch.size=500"
                + "?kyuubi.session.idle.timeout=PT1H;kyuubi.nobody.knows.this=1#spark.sql.shuffle.partitions=3";
        try (Connection connection = connect(rest)) {
            assertThat(rows(connection, "SET spark.sql.shuffle.partitions"))
                    .containsExactly("spark.sql.shuffle.partitions|3");
        }
    }

    @Test
    void deniesSettingsThatReachBeyondTheSession() {
        assertThatThrownBy(() -> connect("default#spark.driver.extraJavaOptions=-Dx=y"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("spark.driver.extraJavaOptions");
    }

    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows, their columns joined by a bar. */
    public static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    /** The driver drops a cancel that comes before it has the statement's handle; with it, it has lines of its log. */
    private static List<?> log(Statement statement) throws ReflectiveOperationException {
        return (List<?>) statement
                .getClass()
                .getMethod("getQueryLog", boolean.class, int.class)
                .invoke(statement, false, 100);
    }

    protected static SQLException failure(Connection connection, String sql) {
        return catchThrowableOfType(SQLException.class, () -> rows(connection, sql));
    }

    private static List<String> column(ResultSet result, String name) throws SQLException {
        try (result) {
            List<String> values = new ArrayList<>();
            while (result.next()) {
                values.add(result.getString(name));
            }
            return values;
        }
    }
}
