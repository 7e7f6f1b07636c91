package io.torii.spark.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hive.service.rpc.thrift.TColumnDesc;
import org.apache.hive.service.rpc.thrift.TPrimitiveTypeEntry;
import org.apache.hive.service.rpc.thrift.TTypeId;
import org.apache.hive.service.rpc.thrift.TTypeQualifierValue;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;

class TypesTest extends ResultTest {
    /** Type in the schema before V8 and since, then values. */
    private static final String[][] TYPES = {
        {"BOOLEAN", "BOOLEAN", "true", "false"},
        {"TINYINT", "TINYINT", "127Y", "-128Y"},
        {"SMALLINT", "SMALLINT", "32767S", "-32768S"},
        {"INT", "INT", "2147483647", "int('-2147483648')"},
        {"BIGINT", "BIGINT", "9223372036854775807L", "bigint('-9223372036854775808')"},
        {"FLOAT", "FLOAT", "0.1f", "-16777216f", "float('NaN')", "float('Infinity')", "float('3.4028235E38')", "-0.0f"},
        {"DOUBLE", "DOUBLE", "0.1d", "double('-Infinity')", "1e300d", "-0.0d", "4.9E-324d"},
        {"DECIMAL", "DECIMAL", "12.50BD", "-0.05BD", "0.00BD", "99.99BD"},
        {"DECIMAL", "DECIMAL", "cast(7 as decimal(10,0))", "cast(-1234567890 as decimal(10,0))"},
        {
            "DECIMAL",
            "DECIMAL",
            "cast('99999999999999999999999999999999999.999' as decimal(38,3))",
            "cast('-99999999999999999999999999999999999.999' as decimal(38,3))",
            "cast('0.001' as decimal(38,3))",
            "cast('-9223372036854775.808' as decimal(38,3))",
            "cast('36028797018963.967' as decimal(38,3))",
            "cast('-128' as decimal(38,3))"
        },
        {"DECIMAL", "DECIMAL", "cast('0.00000000000000000000000000000000000001' as decimal(38,38))"},
        {"STRING", "STRING", "'plain'", "''", "'鳥居 🐦'", "'with \"quotes\"'", "repeat('long', 3000)"},
        {"BINARY", "BINARY", "cast('abc' as binary)", "cast('' as binary)"},
        {"DATE", "DATE", "date'2024-02-29'", "date'1582-10-15'", "date'1582-10-04'", "date'0001-01-01'"},
        {"DATE", "DATE", "date'9999-12-31'", "date'1900-02-28'", "date'2000-02-29'", "date'+12024-01-31'"},
        {
            "TIMESTAMP",
            "TIMESTAMP",
            "timestamp'2024-03-31 01:59:59.999999'",
            "timestamp'2024-03-31 03:00:00'",
            "timestamp'2024-10-27 02:30:00.5'",
            "timestamp'1969-12-31 23:59:59.000001'",
            "timestamp'1850-01-01 00:00:00'",
            "timestamp'0001-01-01 00:00:00'",
            "timestamp'9999-12-31 23:59:59.123456'"
        },
        {"TIMESTAMP", "TIMESTAMP", "timestamp_ntz'2024-03-31 02:30:00.25'", "timestamp_ntz'0500-01-01 00:00:00'"},
        {"STRING", "INTERVAL_YEAR_MONTH", "interval '1-2' year to month", "interval '-100-11' year to month"},
        {"STRING", "INTERVAL_YEAR_MONTH", "interval '3' month", "interval '-7' month"},
        {
            "STRING",
            "INTERVAL_DAY_TIME",
            "interval '1 02:03:04.000005' day to second",
            "interval '-10 23:59:59' day to second"
        },
        {"STRING", "INTERVAL_DAY_TIME", "interval '36' hour"},
        {"STRING", "STRING", "make_interval(1, 2, 0, 3, 4, 5, 6.789)", "make_interval()"},
        {"NULL", "NULL", "null"},
        {"ARRAY", "ARRAY", "array(1, null, 3)", "array()", "array(0)"},
        {"ARRAY", "ARRAY", "array('a', null, 'b\"c')", "array('')"},
        {"ARRAY", "ARRAY", "array(date'2024-01-02', null)", "array(date'2024-12-31')"},
        {"MAP", "MAP", "map('b', 1, 'a', null)", "map('z', 0)"},
        {"MAP", "MAP", "map(1.5BD, array(timestamp'2024-01-02 03:04:05.6'))"},
        {
            "STRUCT",
            "STRUCT",
            "named_struct('n', 1, 's', 'x', 'l', array(true), 'm', map(1, interval '1' day))",
            "named_struct('n', null, 's', null, 'l', null, 'm', null)"
        },
    };

    static Stream<Arguments> typesAndVersions() {
        List<Arguments> cases = new ArrayList<>();
        for (String[] type : TYPES) {
            for (int version : new int[] {V1, V6, V8, V11}) {
                List<String> values = Arrays.asList(type).subList(2, type.length);
                cases.add(Arguments.of(type[version < V8 ? 0 : 1], version, values));
            }
        }
        return cases.stream();
    }

    static Stream<Arguments> types() {
        return Arrays.stream(TYPES)
                .map(type -> Arguments.of(type[1], Arrays.asList(type).subList(2, type.length)));
    }

    @BeforeEach
    void useATimeZoneWithSummerTime() {
        spark.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    }

    @ParameterizedTest(name = "{0} in protocol {1}: {2}")
    @MethodSource("typesAndVersions")
    void everyTypeReadsAsSparkPrintsItWithNullsInBetween(String type, int version, List<String> values) {
        String rows = values.stream().map(value -> "null, " + value).collect(Collectors.joining(", "));
        Dataset<Row> query = sql("select element_at(array(" + rows + "), int(id) + 1) as c from range(0, "
                + 2 * values.size() + ", 1, 2)");

        ResultSet result = run(query, version, 3);

        assertThat(typeOf(result)).isEqualTo(type);
        assertThat(texts(result)).isEqualTo(printed(query));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("types")
    void readyMadeRowsReadTheSame(String type, List<String> values) {
        String rows = values.stream().map(value -> "(" + value + "), (null)").collect(Collectors.joining(", "));
        Dataset<Row> query = sql("select * from values " + rows + " as t(c)");
        spark.conf().set("spark.sql.session.timeZone", "UTC");

        SparkSession.setActiveSession(spark);
        ResultSet result = results.of(query.schema(), query.collectAsList(), V11);

        assertThat(typeOf(result)).isEqualTo(type);
        assertThat(texts(result)).isEqualTo(printed(query));
        SparkSession.clearActiveSession();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Asia/Tokyo", "America/St_Johns", "+05:30", "Australia/Lord_Howe", "GMT+8"})
    void timesAreShownInTheSessionsTimeZone(String zone) {
        spark.conf().set("spark.sql.session.timeZone", zone);
        Dataset<Row> query = sql(
                "select timestamp_micros(-3000000000000000 + id * 7777777777777) as c" + " from range(0, 1000, 1, 2)");

        ResultSet result = run(query, V11, 100);

        assertThat(texts(result)).isEqualTo(printed(query));
    }

    @Test
    void everyDayReadsAsSparkPrintsIt() {
        Dataset<Row> query = sql(
                "select date_add(date'1582-10-01', int(id * 13)) as c from range(0, 250000, 1, 2) where id % 7 = 0");

        ResultSet result = run(query, V11, 10_000);

        assertThat(texts(result)).isEqualTo(printed(query));
    }

    @Test
    void charsAndVarcharsKeepTheirLengths() {
        sql("create or replace temporary view words as select cast('ab' as string) as s");
        sql(
                "create table if not exists lengths (c char(5), v varchar(7), s string comment 'what it says') using parquet");
        sql("insert overwrite lengths values ('ab', 'cd', 'ef'), (null, null, null)");
        Dataset<Row> query = sql("select * from lengths");

        List<TColumnDesc> columns = Decoded.columns(run(query, V11, 10));
        List<TColumnDesc> ofOldClients = Decoded.columns(run(query, V1, 10));
        List<List<Object>> rows = Decoded.rows(run(query, V11, 10), 10);

        assertThat(columns).extracting(TypesTest::type).containsExactly("CHAR", "VARCHAR", "STRING");
        assertThat(columns.get(0))
                .satisfies(column -> assertThat(length(column)).isEqualTo(5));
        assertThat(columns.get(1))
                .satisfies(column -> assertThat(length(column)).isEqualTo(7));
        assertThat(columns).extracting(TColumnDesc::getComment).containsExactly("", "", "what it says");
        assertThat(columns).extracting(TColumnDesc::getPosition).containsExactly(1, 2, 3);
        assertThat(ofOldClients).extracting(TypesTest::type).containsExactly("STRING", "STRING", "STRING");
        assertThat(rows).containsExactlyInAnyOrder(Arrays.asList("ab   ", "cd", "ef"), Arrays.asList(null, null, null));
        sql("drop table lengths");
    }

    @Test
    void decimalsSayTheirPrecisionAndScale() {
        TColumnDesc column = Decoded.columns(run(sql("select cast(1 as decimal(20,4)) as d"), V11, 10))
                .get(0);

        assertThat(qualifiers(column).get("precision").getI32Value()).isEqualTo(20);
        assertThat(qualifiers(column).get("scale").getI32Value()).isEqualTo(4);
    }

    @Test
    void columnsMayHaveTheSameName() {
        ResultSet result = run(sql("select id as x, id + 1 as x, 'y' as x from range(2)"), V11, 10);

        assertThat(Decoded.columns(result))
                .extracting(TColumnDesc::getColumnName)
                .containsExactly("x", "x", "x");
        assertThat(Decoded.rows(result, 10)).containsExactly(Arrays.asList(0L, 1L, "y"), Arrays.asList(1L, 2L, "y"));
    }

    @Test
    void manyColumnsWithManyNullsKeepTheirPlaces() {
        Dataset<Row> query = sql("select id, if(id % 3 = 0, null, id) as a, if(id % 9 < 8, null, string(id)) as b,"
                + " if(id > 90, null, id % 2 = 0) as c from range(0, 1000, 1, 3)");

        List<List<Object>> rows = Decoded.rows(run(query, V8, 333), 100);

        assertThat(rows).hasSize(1000).allSatisfy(row -> {
            long id = (Long) row.get(0);
            assertThat(row.get(1)).isEqualTo(id % 3 == 0 ? null : id);
            assertThat(row.get(2)).isEqualTo(id % 9 < 8 ? null : Long.toString(id));
            assertThat(row.get(3)).isEqualTo(id > 90 ? null : id % 2 == 0);
        });
    }

    @Test
    void aResultWithoutColumnsIsEmpty() {
        ResultSet result = results.empty(V11);

        assertThat(Decoded.columns(result)).isEmpty();
        assertThat(Decoded.rows(result, 10)).isEqualTo(Collections.emptyList());
    }

    private static List<String> printed(Dataset<Row> query) {
        SparkSession.setActiveSession(query.sparkSession());
        List<String> printed = JavaConverters.seqAsJavaList(
                HiveResult.hiveResultString(query.queryExecution().executedPlan()));
        SparkSession.clearActiveSession();
        return printed;
    }

    private static List<String> texts(ResultSet result) {
        return Decoded.rows(result, 2).stream()
                .map(row -> text(row.get(0), typeOf(result)))
                .collect(Collectors.toList());
    }

    private static String text(Object value, String type) {
        if (value == null) {
            return "NULL";
        }
        if (type.equals("FLOAT")) {
            return Float.toString(((Double) value).floatValue());
        }
        return value instanceof byte[] ? new String((byte[]) value, StandardCharsets.UTF_8) : value.toString();
    }

    private static String typeOf(ResultSet result) {
        return type(Decoded.columns(result).get(0));
    }

    private static String type(TColumnDesc column) {
        TTypeId id = entry(column).getType();
        return id.name().replace("_TYPE", "");
    }

    private static int length(TColumnDesc column) {
        return qualifiers(column).get("characterMaximumLength").getI32Value();
    }

    private static Map<String, TTypeQualifierValue> qualifiers(TColumnDesc column) {
        return entry(column).getTypeQualifiers().getQualifiers();
    }

    private static TPrimitiveTypeEntry entry(TColumnDesc column) {
        return column.getTypeDesc().getTypes().get(0).getPrimitiveEntry();
    }
}
