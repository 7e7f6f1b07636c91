package io.torii.spark.catalog;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.View;
import org.apache.spark.sql.connector.catalog.ViewCatalog;
import org.apache.spark.sql.connector.catalog.ViewChange;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A user's catalog that can only be read: namespaces sales, sales.eu and locked, which nobody may look into; in each of the
 * others tables orders and broken, which cannot be loaded, a view recent and a function total.
 */
public final class SampleCatalog implements TableCatalog, ViewCatalog, FunctionCatalog, SupportsNamespaces {
    private static final String[] SALES = {"sales"};
    private static final String[] LOCKED = {"locked"};
    private static final String[] EUROPE = {"sales", "eu"};

    private String name;

    @Override
    public void initialize(String registered, CaseInsensitiveStringMap options) {
        if (options.getBoolean("broken", false)) {
            throw new IllegalStateException("cannot be reached");
        }
        name = registered;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String[] defaultNamespace() {
        return SALES;
    }

    @Override
    public String[][] listNamespaces() {
        return new String[][] {SALES, LOCKED};
    }

    @Override
    public String[][] listNamespaces(String[] parent) throws NoSuchNamespaceException {
        if (Arrays.equals(parent, SALES)) {
            return new String[][] {EUROPE};
        }
        throw new NoSuchNamespaceException(parent);
    }

    @Override
    public Identifier[] listTables(String[] namespace) {
        return in(namespace, "orders", "broken");
    }

    @Override
    public Identifier[] listViews(String... namespace) {
        return in(namespace, "recent");
    }

    @Override
    public Identifier[] listFunctions(String[] namespace) {
        return in(namespace, "total");
    }

    private static Identifier[] in(String[] namespace, String... names) {
        if (Arrays.equals(namespace, LOCKED)) {
            throw new IllegalStateException("no access");
        }
        return Arrays.stream(names).map(each -> Identifier.of(namespace, each)).toArray(Identifier[]::new);
    }

    @Override
    public Table loadTable(Identifier table) throws NoSuchTableException {
        if (table.name().equals("broken")) {
            throw new IllegalStateException("no such file");
        }
        if (table.name().equals("orders")) {
            return new Orders();
        }
        throw new NoSuchTableException(table);
    }

    static final class Orders implements Table {
        @Override
        public String name() {
            return "orders";
        }

        @Override
        public StructType schema() {
            Metadata varchar = Metadata.fromJson("{\"__CHAR_VARCHAR_TYPE_STRING\":\"varchar(9)\"}");
            return new StructType()
                    .add("id", DataTypes.LongType, false, "the key")
                    .add("code", DataTypes.StringType, true, varchar)
                    .add("price", DataTypes.createDecimalType(10, 2));
        }

        @Override
        public Set<TableCapability> capabilities() {
            return Collections.emptySet();
        }
    }

    @Override
    public View loadView(Identifier view) {
        return new Recent();
    }

    private static final class Recent implements View {
        @Override
        public String name() {
            return "recent";
        }

        @Override
        public String query() {
            return "SELECT 1 AS one";
        }

        @Override
        public String currentCatalog() {
            return null;
        }

        @Override
        public String[] currentNamespace() {
            return SALES;
        }

        @Override
        public StructType schema() {
            return new StructType().add("one", DataTypes.IntegerType, false);
        }

        @Override
        public String[] queryColumnNames() {
            return new String[] {"one"};
        }

        @Override
        public String[] columnAliases() {
            return new String[0];
        }

        @Override
        public String[] columnComments() {
            return new String[0];
        }

        @Override
        public Map<String, String> properties() {
            return Collections.emptyMap();
        }
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(String[] namespace) {
        return Collections.emptyMap();
    }

    @Override
    public UnboundFunction loadFunction(Identifier function) {
        throw readOnly();
    }

    @Override
    public Table createTable(Identifier table, StructType schema, Transform[] by, Map<String, String> properties) {
        throw readOnly();
    }

    @Override
    public Table alterTable(Identifier table, TableChange... changes) {
        throw readOnly();
    }

    @Override
    public boolean dropTable(Identifier table) {
        throw readOnly();
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
        throw readOnly();
    }

    @Override
    public View createView(
            Identifier view,
            String sql,
            String catalog,
            String[] namespace,
            StructType schema,
            String[] queryColumns,
            String[] aliases,
            String[] comments,
            Map<String, String> properties) {
        throw readOnly();
    }

    @Override
    public View alterView(Identifier view, ViewChange... changes) {
        throw readOnly();
    }

    @Override
    public boolean dropView(Identifier view) {
        throw readOnly();
    }

    @Override
    public void renameView(Identifier from, Identifier to) {
        throw readOnly();
    }

    @Override
    public void createNamespace(String[] namespace, Map<String, String> metadata) {
        throw readOnly();
    }

    @Override
    public void alterNamespace(String[] namespace, NamespaceChange... changes) {
        throw readOnly();
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("read only");
    }
}
