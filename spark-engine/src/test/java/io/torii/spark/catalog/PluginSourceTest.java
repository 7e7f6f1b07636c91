package io.torii.spark.catalog;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DatabaseMetaData;
import java.sql.Types;
import org.apache.hive.service.rpc.thrift.TGetCatalogsReq;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the metadata operations answer of catalogs that users have plugged in. */
class PluginSourceTest extends CatalogTest {
    @BeforeEach
    void plugIn() {
        spark.conf().set("spark.sql.catalog.lake", SampleCatalog.class.getName());
        spark.conf().set("spark.sql.catalog.lake.some", "option");
    }

    @Test
    void listsCatalogsThatSettingsNameAlthoughTheyAreBroken() {
        plugInBrokenOnes();

        assertThat(rows("GetCatalogs", new TGetCatalogsReq(), "TABLE_CAT"))
                .containsExactly(asList("down"), asList("gone"), asList("lake"), asList("spark_catalog"));
    }

    @Test
    void listsNamespacesAsSchemas() {
        assertThat(schemas("lake", null))
                .containsExactly(asList("lake", "locked"), asList("lake", "sales"), asList("lake", "sales.eu"));
        assertThat(schemas("LAKE", "sales.%")).containsExactly(asList("lake", "sales.eu"));
        assertThat(schemas("lake", "SALES.EU")).containsExactly(asList("lake", "sales.eu"));
    }

    @Test
    void listsTablesAndViewsOfNamespaces() {
        assertThat(tables("lake", "sales", "%"))
                .containsExactly(
                        asList("TABLE", "lake", "sales", "broken"),
                        asList("TABLE", "lake", "sales", "orders"),
                        asList("VIEW", "lake", "sales", "recent"));
        assertThat(tables("lake", "%", "or_ers", "TABLE"))
                .containsExactly(
                        asList("TABLE", "lake", "sales", "orders"), asList("TABLE", "lake", "sales.eu", "orders"));
        assertThat(names(tables("lake", "sales", "%", "VIEW"))).containsExactly("recent");
    }

    @Test
    void describesColumnsAsTheyWereDeclared() {
        assertThat(columns("lake", "sales", "orders", "%", "COLUMN_NAME", "TYPE_NAME", "DATA_TYPE", "COLUMN_SIZE"))
                .containsExactly(
                        asList("id", "BIGINT", Types.BIGINT, 19),
                        asList("code", "VARCHAR(9)", Types.VARCHAR, 9),
                        asList("price", "DECIMAL(10,2)", Types.DECIMAL, 10));
        assertThat(columns("lake", "sales", "orders", "id", "NULLABLE", "IS_NULLABLE", "REMARKS"))
                .containsExactly(asList(DatabaseMetaData.columnNoNulls, "NO", "the key"));
        assertThat(columns("lake", "sales.eu", "recent", "%", "TABLE_SCHEM", "COLUMN_NAME", "ORDINAL_POSITION"))
                .containsExactly(asList("sales.eu", "one", 1));
    }

    @Test
    void listsFunctions() {
        assertThat(functions("lake", "sales", "%", "FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME"))
                .containsExactly(asList("lake", "sales", "total"));
    }

    @Test
    void leavesOutTablesThatCannotBeLoaded() {
        assertThat(columns("lake", "sales", "%", "%", "TABLE_NAME", "COLUMN_NAME"))
                .containsExactly(
                        asList("orders", "id"),
                        asList("orders", "code"),
                        asList("orders", "price"),
                        asList("recent", "one"));
        assertThat(columns("lake", "sales", "broken", "%", "COLUMN_NAME")).isEmpty();
    }

    @Test
    void leavesOutCatalogsThatAreBroken() {
        plugInBrokenOnes();
        sql("CREATE TABLE " + schema + ".orders (id BIGINT) USING parquet");

        assertThat(tables(null, "%", "orders"))
                .contains(
                        asList("TABLE", "lake", "sales", "orders"),
                        asList("TABLE", "lake", "sales.eu", "orders"),
                        asList("TABLE", "spark_catalog", schema, "orders"));
        assertThat(columns("", "%", "orders", "id", "TABLE_CAT", "TABLE_SCHEM"))
                .contains(asList("lake", "sales"), asList("spark_catalog", schema));
        assertThat(schemas("%", null)).contains(asList("lake", "sales"), asList("spark_catalog", schema));
    }

    @Test
    void saysWhyABrokenCatalogThatIsAskedForByNameHasNoAnswer() {
        plugInBrokenOnes();

        assertThatThrownBy(() -> tables("down", "%", "%")).hasMessageContaining("cannot be reached");
        assertThatThrownBy(() -> schemas("gone", "%")).hasMessageContaining("org.example.Gone");
    }

    @Test
    void takesTheNameOfACatalogAsItIsIfThereIsOne() {
        spark.conf().set("spark.sql.catalog.la_e", SampleCatalog.class.getName());

        assertThat(schemas("la_e", "locked")).containsExactly(asList("la_e", "locked"));
        assertThat(schemas("l_ke", "locked")).containsExactly(asList("lake", "locked"));
    }

    private void plugInBrokenOnes() {
        spark.conf().set("spark.sql.catalog.down", SampleCatalog.class.getName());
        spark.conf().set("spark.sql.catalog.down.broken", "true");
        spark.conf().set("spark.sql.catalog.gone", "org.example.Gone");
    }
}
