package io.torii.spark.catalog;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.spark.result.Decoded;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.apache.hive.service.rpc.thrift.TGetColumnsReq;
import org.apache.hive.service.rpc.thrift.TGetCrossReferenceReq;
import org.apache.hive.service.rpc.thrift.TGetFunctionsReq;
import org.apache.hive.service.rpc.thrift.TGetPrimaryKeysReq;
import org.apache.hive.service.rpc.thrift.TGetSchemasReq;
import org.apache.hive.service.rpc.thrift.TGetTableTypesReq;
import org.apache.hive.service.rpc.thrift.TGetTablesReq;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.types.StructType;
import org.apache.thrift.TBase;
import org.junit.jupiter.api.Test;

/** What the metadata operations answer of Spark's own catalog. */
class MetadataTest extends CatalogTest {
    private static final String OWN = "spark_catalog";

    @Test
    void listsCatalogs() {
        assertThat(rows("GetCatalogs", new TGetCatalogsReq(), "TABLE_CAT")).containsExactly(asList(OWN));
    }

    @Test
    void listsTableTypes() {
        assertThat(rows("GetTableTypes", new TGetTableTypesReq(), "TABLE_TYPE"))
                .containsExactly(asList("TABLE"), asList("VIEW"));
    }

    @Test
    void listsSchemasThatMatch() {
        assertThat(schemas(null, schema)).containsExactly(asList(OWN, schema));
        assertThat(schemas(OWN, schema.substring(0, 30) + "%")).containsExactly(asList(OWN, schema));
        assertThat(schemas("", null)).contains(asList(OWN, "default"), asList(OWN, schema));
        assertThat(schemas("*", "*")).contains(asList(OWN, "default"), asList(OWN, schema));
        assertThat(schemas(OWN, "no such schema")).isEmpty();
        assertThat(schemas("no such catalog", "%")).isEmpty();
    }

    @Test
    void listsTablesAndViewsByTypeAndName() {
        sql("CREATE TABLE " + schema + ".orders (id BIGINT) USING parquet");
        sql("CREATE TABLE " + schema + ".elsewhere (id BIGINT) USING parquet LOCATION '" + spill.toUri() + "'");
        sql("CREATE VIEW " + schema + ".a_view AS SELECT 1 AS one");

        assertThat(tables(null, schema, "%"))
                .containsExactly(
                        asList("TABLE", OWN, schema, "elsewhere"),
                        asList("TABLE", OWN, schema, "orders"),
                        asList("VIEW", OWN, schema, "a_view"));
    }

    @Test
    void listsTablesOfTheTypesThatAreAskedFor() {
        sql("CREATE TABLE " + schema + ".orders (id BIGINT) USING parquet");
        sql("CREATE VIEW " + schema + ".recent AS SELECT 1 AS one");

        assertThat(names(tables(null, schema, "%", "TABLE"))).containsExactly("orders");
        assertThat(names(tables(null, schema, "%", "MANAGED_TABLE", "EXTERNAL_TABLE")))
                .containsExactly("orders");
        assertThat(names(tables(null, schema, "%", "view"))).containsExactly("recent");
        assertThat(names(tables(null, schema, "%", "VIRTUAL_VIEW"))).containsExactly("recent");
        assertThat(names(tables(null, schema, "%", "TABLE", "VIEW"))).containsExactly("orders", "recent");
        assertThat(names(tables(null, schema, "%", "SYSTEM TABLE"))).isEmpty();
    }

    @Test
    void listsTablesThatMatch() {
        sql("CREATE TABLE " + schema + ".my_table (id BIGINT) USING parquet");
        sql("CREATE TABLE " + schema + ".myxtable (id BIGINT) USING parquet");

        for (String all : new String[] {null, "", "%", "*", ".*", "MY%", "my_table"}) {
            assertThat(names(tables(null, schema, all))).as(all).containsExactly("my_table", "myxtable");
        }
        assertThat(names(tables(null, schema, "my\\_table"))).containsExactly("my_table");
        assertThat(names(tables(null, schema, "%x%"))).containsExactly("myxtable");
        assertThat(names(tables(null, schema, "table"))).isEmpty();
    }

    @Test
    void tellsCommentsOfTables() {
        sql("CREATE TABLE " + schema + ".orders (id BIGINT) USING parquet COMMENT 'what was sold'");
        sql("CREATE VIEW " + schema + ".recent COMMENT 'lately' AS SELECT 1 AS one");
        TGetTablesReq request = new TGetTablesReq();
        request.setSchemaName(schema);

        assertThat(rows("GetTables", request, "TABLE_NAME", "REMARKS"))
                .containsExactly(asList("orders", "what was sold"), asList("recent", "lately"));
    }

    @Test
    void describesColumnsOfEveryType() {
        sql("CREATE TABLE " + schema + ".t (bo BOOLEAN, ti TINYINT, sm SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE,"
                + " de DECIMAL(12,3), s STRING, c CHAR(5), v VARCHAR(7), bin BINARY, da DATE, ts TIMESTAMP,"
                + " ntz TIMESTAMP_NTZ, ar ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<a: INT, b: CHAR(3)>,"
                + " ym INTERVAL YEAR TO MONTH) USING parquet");

        assertThat(columns(
                        null,
                        schema,
                        "t",
                        "%",
                        "COLUMN_NAME",
                        "TYPE_NAME",
                        "DATA_TYPE",
                        "COLUMN_SIZE",
                        "DECIMAL_DIGITS",
                        "NUM_PREC_RADIX"))
                .containsExactly(
                        asList("bo", "BOOLEAN", Types.BOOLEAN, 1, null, null),
                        asList("ti", "TINYINT", Types.TINYINT, 3, 0, 10),
                        asList("sm", "SMALLINT", Types.SMALLINT, 5, 0, 10),
                        asList("i", "INT", Types.INTEGER, 10, 0, 10),
                        asList("bi", "BIGINT", Types.BIGINT, 19, 0, 10),
                        asList("f", "FLOAT", Types.FLOAT, 7, 7, 10),
                        asList("d", "DOUBLE", Types.DOUBLE, 15, 15, 10),
                        asList("de", "DECIMAL(12,3)", Types.DECIMAL, 12, 3, 10),
                        asList("s", "STRING", Types.VARCHAR, Integer.MAX_VALUE, null, null),
                        asList("c", "CHAR(5)", Types.CHAR, 5, null, null),
                        asList("v", "VARCHAR(7)", Types.VARCHAR, 7, null, null),
                        asList("bin", "BINARY", Types.BINARY, Integer.MAX_VALUE, null, null),
                        asList("da", "DATE", Types.DATE, 10, null, null),
                        asList("ts", "TIMESTAMP", Types.TIMESTAMP, 26, 6, null),
                        asList("ntz", "TIMESTAMP_NTZ", Types.TIMESTAMP, 26, 6, null),
                        asList("ar", "ARRAY<INT>", Types.ARRAY, null, null, null),
                        asList("m", "MAP<STRING, INT>", Types.JAVA_OBJECT, null, null, null),
                        asList("st", "STRUCT<a: INT, b: CHAR(3)>", Types.STRUCT, null, null, null),
                        asList("ym", "INTERVAL YEAR TO MONTH", Types.OTHER, null, null, null));
    }

    @Test
    void describesWhatElseIsKnownOfColumns() {
        sql("CREATE TABLE " + schema
                + ".orders (id BIGINT COMMENT 'the key', amount INT DEFAULT 3 + 4, name VARCHAR(20))"
                + " USING parquet");

        assertThat(columns(OWN, schema, "orders", null, "COLUMN_NAME", "ORDINAL_POSITION", "NULLABLE", "IS_NULLABLE"))
                .containsExactly(
                        asList("id", 1, DatabaseMetaData.columnNullable, "YES"),
                        asList("amount", 2, DatabaseMetaData.columnNullable, "YES"),
                        asList("name", 3, DatabaseMetaData.columnNullable, "YES"));
        assertThat(columns(OWN, schema, "orders", null, "REMARKS", "COLUMN_DEF", "CHAR_OCTET_LENGTH"))
                .containsExactly(asList("the key", null, null), asList("", "3 + 4", null), asList("", null, 20));
        assertThat(columns(OWN, schema, "orders", "id", "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "IS_AUTO_INCREMENT"))
                .containsExactly(asList(OWN, schema, "orders", "NO"));
    }

    @Test
    void keepsThePositionsOfColumnsThatMatchAndSortsTheirTables() {
        sql("CREATE TABLE " + schema + ".b (id INT, amount INT, price INT) USING parquet");
        sql("CREATE VIEW " + schema + ".a AS SELECT 1 AS one, 2 AS amount");

        assertThat(columns(null, schema, "%", "%", "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION"))
                .containsExactly(
                        asList("a", "one", 1),
                        asList("a", "amount", 2),
                        asList("b", "id", 1),
                        asList("b", "amount", 2),
                        asList("b", "price", 3));
        assertThat(columns(null, schema, "B", "%E", "COLUMN_NAME", "ORDINAL_POSITION"))
                .containsExactly(asList("price", 3));
        assertThat(columns(null, schema, "none", "%", "COLUMN_NAME")).isEmpty();
    }

    @Test
    void asksTheCatalogForColumnsThatTheMetastoreDoesNotKnow() {
        spark.conf().set("spark.sql.catalog.spark_catalog", ColumnsElsewhere.class.getName());
        CatalogTable bare = Metastore.table(schema, "elsewhere", new StructType());
        spark.sessionState().catalog().createTable(bare, false, false);

        assertThat(columns(null, schema, "elsewhere", "%", "COLUMN_NAME", "TYPE_NAME"))
                .containsExactly(
                        asList("id", "BIGINT"), asList("code", "VARCHAR(9)"), asList("price", "DECIMAL(10,2)"));
    }

    /** A session catalog that keeps columns in its own place, as those of table formats do. */
    public static final class ColumnsElsewhere extends DelegatingCatalogExtension {
        @Override
        public Table loadTable(Identifier table) {
            return new SampleCatalog.Orders();
        }
    }

    @Test
    void showsTemporaryViewsToTheirSession() {
        sql("CREATE TEMPORARY VIEW mine_" + schema + " AS SELECT CAST('a' AS STRING) AS letter");

        assertThat(tables(null, null, "mine%")).containsExactly(asList("VIEW", OWN, "", "mine_" + schema));
        assertThat(tables(null, "%", "mine%", "TABLE")).isEmpty();
        assertThat(tables(null, schema, "mine%")).isEmpty();
        assertThat(columns(null, "%", "mine\\_" + schema, "%", "TABLE_SCHEM", "COLUMN_NAME", "TYPE_NAME"))
                .containsExactly(asList("", "letter", "STRING"));
    }

    @Test
    void showsGlobalTemporaryViewsInTheirSchema() {
        String view = "shared_" + schema;
        sql("CREATE GLOBAL TEMPORARY VIEW " + view + " AS SELECT 1 AS one");

        assertThat(schemas(null, "global%")).containsExactly(asList(OWN, "global_temp"));
        assertThat(tables(null, "global_temp", view)).containsExactly(asList("VIEW", OWN, "global_temp", view));
        assertThat(tables(null, "%", view)).containsExactly(asList("VIEW", OWN, "global_temp", view));
        assertThat(columns(null, "global_temp", view, "%", "COLUMN_NAME")).containsExactly(asList("one"));

        sql("DROP VIEW global_temp." + view);
        assertThat(tables(null, "%", view)).isEmpty();
    }

    @Test
    void listsFunctions() {
        assertThat(functions(null, null, "ab_", "FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME", "FUNCTION_TYPE"))
                .contains(asList(null, null, "abs", DatabaseMetaData.functionNoTable));
        assertThat(functions(null, "%", "EXPLODE", "FUNCTION_NAME", "FUNCTION_TYPE"))
                .containsExactly(asList("explode", DatabaseMetaData.functionReturnsTable));
        assertThat(functions(null, "", "upper", "SPECIFIC_NAME", "REMARKS").get(0))
                .first()
                .isEqualTo("org.apache.spark.sql.catalyst.expressions.Upper");
    }

    @Test
    void listsFunctionsOfSchemasEvenWhenTheirCodeIsMissing() {
        sql("CREATE FUNCTION " + schema + ".mine AS 'org.example.Missing'");

        assertThat(functions(null, schema, "%", "FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME", "SPECIFIC_NAME"))
                .containsExactly(asList(OWN, schema, "mine", "org.example.Missing"));
    }

    @Test
    void describesTypesInTheOrderOfTheirCodes() {
        List<List<Object>> types = rows(
                "GetTypeInfo",
                new TGetTypeInfoReq(),
                "DATA_TYPE",
                "TYPE_NAME",
                "PRECISION",
                "MAXIMUM_SCALE",
                "SEARCHABLE");

        assertThat(types.stream().map(type -> (Integer) type.get(0)).collect(Collectors.toList()))
                .isSorted();
        assertThat(types)
                .contains(
                        asList(Types.BIGINT, "BIGINT", 19, (short) 0, (short) DatabaseMetaData.typeSearchable),
                        asList(Types.DECIMAL, "DECIMAL", 38, (short) 38, (short) DatabaseMetaData.typeSearchable),
                        asList(Types.VARCHAR, "STRING", Integer.MAX_VALUE, null, (short)
                                DatabaseMetaData.typeSearchable),
                        asList(Types.ARRAY, "ARRAY", null, null, (short) DatabaseMetaData.typePredNone));
    }

    @Test
    void knowsNoKeys() {
        assertThat(rows("GetPrimaryKeys", new TGetPrimaryKeysReq(), "COLUMN_NAME"))
                .isEmpty();
        assertThat(rows("GetCrossReference", new TGetCrossReferenceReq(), "FK_NAME"))
                .isEmpty();
    }

    @Test
    void answersWithTheColumnsOfHiveServer2() {
        assertThat(shape("GetCatalogs", new TGetCatalogsReq())).isEqualTo("TABLE_CAT STRING");
        assertThat(shape("GetTableTypes", new TGetTableTypesReq())).isEqualTo("TABLE_TYPE STRING");
        assertThat(shape("GetSchemas", new TGetSchemasReq())).isEqualTo("TABLE_SCHEM STRING, TABLE_CATALOG STRING");
        assertThat(shape("GetTables", new TGetTablesReq()))
                .isEqualTo(
                        "TABLE_CAT STRING, TABLE_SCHEM STRING, TABLE_NAME STRING, TABLE_TYPE STRING, REMARKS STRING, "
                                + "TYPE_CAT STRING, TYPE_SCHEM STRING, TYPE_NAME STRING, SELF_REFERENCING_COL_NAME STRING, "
                                + "REF_GENERATION STRING");
        assertThat(shape("GetColumns", new TGetColumnsReq()))
                .isEqualTo(
                        "TABLE_CAT STRING, TABLE_SCHEM STRING, TABLE_NAME STRING, COLUMN_NAME STRING, DATA_TYPE INT, "
                                + "TYPE_NAME STRING, COLUMN_SIZE INT, BUFFER_LENGTH TINYINT, DECIMAL_DIGITS INT, "
                                + "NUM_PREC_RADIX INT, NULLABLE INT, REMARKS STRING, COLUMN_DEF STRING, SQL_DATA_TYPE INT, "
                                + "SQL_DATETIME_SUB INT, CHAR_OCTET_LENGTH INT, ORDINAL_POSITION INT, IS_NULLABLE STRING, "
                                + "SCOPE_CATALOG STRING, SCOPE_SCHEMA STRING, SCOPE_TABLE STRING, SOURCE_DATA_TYPE SMALLINT, "
                                + "IS_AUTO_INCREMENT STRING");
        assertThat(shape("GetFunctions", new TGetFunctionsReq()))
                .isEqualTo("FUNCTION_CAT STRING, FUNCTION_SCHEM STRING, FUNCTION_NAME STRING, REMARKS STRING, "
                        + "FUNCTION_TYPE INT, SPECIFIC_NAME STRING");
        assertThat(shape("GetPrimaryKeys", new TGetPrimaryKeysReq()))
                .isEqualTo("TABLE_CAT STRING, TABLE_SCHEM STRING, TABLE_NAME STRING, COLUMN_NAME STRING, KEQ_SEQ INT, "
                        + "PK_NAME STRING");
        assertThat(shape("GetCrossReference", new TGetCrossReferenceReq()))
                .isEqualTo("PKTABLE_CAT STRING, PKTABLE_SCHEM STRING, PKTABLE_NAME STRING, PKCOLUMN_NAME STRING, "
                        + "FKTABLE_CAT STRING, FKTABLE_SCHEM STRING, FKTABLE_NAME STRING, FKCOLUMN_NAME STRING, "
                        + "KEQ_SEQ INT, UPDATE_RULE INT, DELETE_RULE INT, FK_NAME STRING, PK_NAME STRING, "
                        + "DEFERRABILITY INT");
        assertThat(shape("GetTypeInfo", new TGetTypeInfoReq()))
                .isEqualTo("TYPE_NAME STRING, DATA_TYPE INT, PRECISION INT, LITERAL_PREFIX STRING, "
                        + "LITERAL_SUFFIX STRING, CREATE_PARAMS STRING, NULLABLE SMALLINT, CASE_SENSITIVE BOOLEAN, "
                        + "SEARCHABLE SMALLINT, UNSIGNED_ATTRIBUTE BOOLEAN, FIXED_PREC_SCALE BOOLEAN, "
                        + "AUTO_INCREMENT BOOLEAN, LOCAL_TYPE_NAME STRING, MINIMUM_SCALE SMALLINT, "
                        + "MAXIMUM_SCALE SMALLINT, SQL_DATA_TYPE INT, SQL_DATETIME_SUB INT, NUM_PREC_RADIX INT");
    }

    @Test
    void hasNoOtherOperations() {
        assertThatThrownBy(() -> ask("GetEverything", new TGetTypeInfoReq()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Unknown metadata operation GetEverything");
    }

    private String shape(String method, TBase<?, ?> request) {
        return Decoded.columns(ask(method, request)).stream()
                .map(column -> column.getColumnName() + " "
                        + column.getTypeDesc()
                                .getTypes()
                                .get(0)
                                .getPrimitiveEntry()
                                .getType()
                                .name()
                                .replace("_TYPE", ""))
                .collect(Collectors.joining(", "));
    }
}
