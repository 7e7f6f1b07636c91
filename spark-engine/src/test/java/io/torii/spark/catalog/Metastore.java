package io.torii.spark.catalog;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogDatabase;
import org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTableType;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;

/** A metastore that notes what it is asked, and cannot read tables whose names begin with "unreadable". */
final class Metastore extends InMemoryCatalog {
    private static final URI NOWHERE = URI.create("file:/nowhere");

    final List<String> calls = new ArrayList<>();

    Metastore() {
        super(new SparkConf(false), new Configuration(false));
    }

    Metastore with(String database, CatalogTable... tables) {
        createDatabase(new CatalogDatabase(database, "", NOWHERE, Map$.MODULE$.empty()), true);
        for (CatalogTable table : tables) {
            createTable(table, false);
        }
        return this;
    }

    static CatalogTable table(String database, String name, StructType schema) {
        return of(database, name, CatalogTableType.EXTERNAL(), schema);
    }

    static CatalogTable view(String database, String name, StructType schema) {
        return of(database, name, CatalogTableType.VIEW(), schema);
    }

    private static CatalogTable of(String database, String name, CatalogTableType type, StructType schema) {
        return new CatalogTable(
                new TableIdentifier(name, Option.apply(database)),
                type,
                new CatalogStorageFormat(
                        Option.apply(NOWHERE),
                        Option.empty(),
                        Option.empty(),
                        Option.empty(),
                        false,
                        Map$.MODULE$.empty()),
                schema,
                Option.apply("parquet"),
                none(),
                Option.empty(),
                "",
                0,
                0,
                "",
                Map$.MODULE$.empty(),
                Option.empty(),
                Option.empty(),
                Option.apply("about " + name),
                none(),
                false,
                true,
                Map$.MODULE$.empty(),
                Option.empty());
    }

    private static Seq<String> none() {
        return JavaConverters.asScalaBuffer(new ArrayList<>());
    }

    @Override
    public synchronized Seq<String> listTables(String database) {
        calls.add("listTables");
        return super.listTables(database);
    }

    @Override
    public synchronized Seq<String> listViews(String database, String pattern) {
        calls.add("listViews");
        return super.listViews(database, pattern);
    }

    @Override
    public synchronized CatalogTable getTable(String database, String table) {
        calls.add("getTable");
        return readable(super.getTable(database, table));
    }

    @Override
    public Seq<CatalogTable> getTablesByName(String database, Seq<String> tables) {
        calls.add("getTablesByName");
        Seq<CatalogTable> found = super.getTablesByName(database, tables);
        JavaConverters.seqAsJavaList(found).forEach(Metastore::readable);
        return found;
    }

    private static CatalogTable readable(CatalogTable table) {
        if (table.identifier().table().startsWith("unreadable")) {
            throw new IllegalStateException("its schema cannot be parsed");
        }
        return table;
    }
}
