package io.torii.spark.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.CatalogTableType;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Spark's own catalog, usually a Hive metastore, and the temporary views of a session. Local ones belong to no schema and are
 * shown where schemas are not narrowed.
 */
final class SessionSource extends Source {
    private static final Logger log = LoggerFactory.getLogger(SessionSource.class);

    /** Tables that one call to the metastore loads; comments, which need it, are left out of lists that are longer. */
    private static final int BATCH = 100;

    private static final String ALL = "*";
    private static final String NO_SCHEMA = "";

    private final SessionState session;
    private final SessionCatalog catalog;
    private final String globalViews;

    SessionSource(SessionState session, SessionCatalog catalog) {
        super(CatalogManager.SESSION_CATALOG_NAME());
        this.session = session;
        this.catalog = catalog;
        this.globalViews = catalog.globalTempViewManager().database();
    }

    @Override
    List<String> schemas(NamePattern schemas) {
        List<String> found = new ArrayList<>(databases(schemas));
        if (!globalViews(schemas, NamePattern.of(ALL)).isEmpty()) {
            found.add(globalViews);
        }
        return found;
    }

    @Override
    List<Relation> relations(NamePattern schemas, NamePattern names) {
        List<Relation> found = new ArrayList<>();
        for (String database : databases(schemas)) {
            found.addAll(orNothing("schema " + database, () -> named(database, tables(database, names))));
        }
        for (CatalogTable view : temporaryViews(schemas, names)) {
            found.add(Relation.named(schema(view), view.identifier().table(), Relation.VIEW, comment(view)));
        }
        return found;
    }

    private List<Relation> named(String database, List<String> tables) {
        if (tables.isEmpty()) {
            return Collections.emptyList();
        }
        Set<String> views = new HashSet<>(list(catalog.externalCatalog().listViews(database, ALL)));
        Map<String, String> comments = new HashMap<>();
        if (tables.size() <= BATCH) {
            load(database, tables)
                    .forEach(table -> comments.put(table.identifier().table(), comment(table)));
        }
        return tables.stream()
                .map(table -> Relation.named(
                        database, table, views.contains(table) ? Relation.VIEW : Relation.TABLE, comments.get(table)))
                .collect(Collectors.toList());
    }

    @Override
    List<Relation> loaded(NamePattern schemas, NamePattern names) {
        List<Relation> found = new ArrayList<>();
        for (String database : databases(schemas)) {
            found.addAll(orNothing("schema " + database, () -> loaded(database, names)));
        }
        temporaryViews(schemas, names).forEach(view -> found.addAll(loaded(schema(view), view)));
        return found;
    }

    private List<Relation> loaded(String database, NamePattern names) {
        List<Relation> found = new ArrayList<>();
        List<String> tables = names.literal().map(Collections::singletonList).orElseGet(() -> tables(database, names));
        for (int from = 0; from < tables.size(); from += BATCH) {
            List<String> batch = tables.subList(from, Math.min(from + BATCH, tables.size()));
            load(database, batch).forEach(table -> found.addAll(loaded(database, table)));
        }
        return found;
    }

    private List<Relation> loaded(String schema, CatalogTable table) {
        String label = table.identifier().table();
        String type = table.tableType().equals(CatalogTableType.VIEW()) ? Relation.VIEW : Relation.TABLE;
        return orNothing(
                "table " + schema + "." + label,
                () -> Collections.singletonList(
                        new Relation(schema, label, type, comment(table), columns(schema, table))));
    }

    /** Of formats like Delta, which keep columns to themselves, the metastore has none: the catalog knows how to read them. */
    private StructType columns(String schema, CatalogTable table) throws Exception {
        if (!table.schema().isEmpty() || schema.isEmpty() || schema.equals(globalViews)) {
            return table.schema();
        }
        TableCatalog plugin = (TableCatalog) session.catalogManager().catalog(name);
        Identifier identifier =
                Identifier.of(new String[] {schema}, table.identifier().table());
        return CatalogV2Util.v2ColumnsToStructType(plugin.loadTable(identifier).columns());
    }

    private List<String> databases(NamePattern schemas) {
        if (schemas.literal().isPresent()) {
            String one = schemas.literal().get();
            return catalog.databaseExists(one)
                    ? Collections.singletonList(catalog.getDatabaseMetadata(one).name())
                    : Collections.emptyList();
        }
        return list(catalog.listDatabases()).stream().filter(schemas::matches).collect(Collectors.toList());
    }

    private List<String> tables(String database, NamePattern names) {
        return list(catalog.externalCatalog().listTables(database)).stream()
                .filter(names::matches)
                .collect(Collectors.toList());
    }

    /** By one call for all or, where some broken table fails that, one call for each. Those that are not there are left out. */
    private List<CatalogTable> load(String database, List<String> tables) {
        List<TableIdentifier> identifiers = tables.stream()
                .map(table -> new TableIdentifier(table, Option.apply(database)))
                .collect(Collectors.toList());
        try {
            return list(catalog.getTablesByName(JavaConverters.asScalaBuffer(identifiers)));
        } catch (Exception e) {
            failIfInterrupted(e);
            log.debug("tables of {} are loaded one by one", database, e);
        }
        List<CatalogTable> found = new ArrayList<>();
        for (TableIdentifier identifier : identifiers) {
            found.addAll(orNothing(
                    "table " + identifier, () -> Collections.singletonList(catalog.getTableMetadata(identifier))));
        }
        return found;
    }

    private List<CatalogTable> temporaryViews(NamePattern schemas, NamePattern names) {
        List<TableIdentifier> views = new ArrayList<>(globalViews(schemas, names));
        if (schemas.matchesAll()) {
            list(catalog.listLocalTempViews(ALL)).stream()
                    .filter(view -> names.matches(view.table()))
                    .forEach(views::add);
        }
        List<CatalogTable> found = new ArrayList<>();
        for (TableIdentifier view : views) {
            found.addAll(orNothing(
                    "view " + view,
                    () -> Collections.singletonList(catalog.getTempViewOrPermanentTableMetadata(view))));
        }
        return found;
    }

    private List<TableIdentifier> globalViews(NamePattern schemas, NamePattern names) {
        if (!schemas.matches(globalViews)) {
            return Collections.emptyList();
        }
        return list(catalog.globalTempViewManager().listViewNames(ALL)).stream()
                .filter(names::matches)
                .map(view -> new TableIdentifier(view, Option.apply(globalViews)))
                .collect(Collectors.toList());
    }

    private static String schema(CatalogTable view) {
        return view.identifier().database().getOrElse(() -> NO_SCHEMA);
    }

    private static String comment(CatalogTable table) {
        return table.comment().getOrElse(() -> "");
    }

    @Override
    List<NamedFunction> functions(NamePattern schemas, NamePattern names) {
        Set<FunctionIdentifier> identifiers = new HashSet<>();
        if (schemas.matchesAll()) {
            identifiers.addAll(list(session.functionRegistry().listFunction()));
            identifiers.addAll(list(session.tableFunctionRegistry().listFunction()));
            identifiers.removeIf(loaded -> loaded.database().isDefined());
        }
        for (String database : databases(schemas)) {
            orNothing(
                            "functions of " + database,
                            () -> list(catalog.externalCatalog().listFunctions(database, ALL)))
                    .forEach(label -> identifiers.add(new FunctionIdentifier(label, Option.apply(database))));
        }
        return identifiers.stream()
                .filter(function -> names.matches(function.funcName()))
                .map(this::function)
                .collect(Collectors.toList());
    }

    private NamedFunction function(FunctionIdentifier identifier) {
        String schema = identifier.database().getOrElse(() -> null);
        String label = identifier.funcName();
        boolean returnsTable = session.tableFunctionRegistry().functionExists(identifier);
        try {
            ExpressionInfo info = catalog.lookupFunctionInfo(identifier);
            return new NamedFunction(schema, label, info.getUsage(), info.getClassName(), returnsTable);
        } catch (Exception e) {
            failIfInterrupted(e);
            log.debug("function {} is listed by its name alone", identifier, e);
            return new NamedFunction(schema, label, "", "", returnsTable);
        }
    }

    private static <T> List<T> list(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }
}
