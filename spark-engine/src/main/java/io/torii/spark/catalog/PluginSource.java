package io.torii.spark.catalog;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.View;
import org.apache.spark.sql.connector.catalog.ViewCatalog;

/** A catalog of Spark's connector API. A namespace of several levels is one schema with dots in its name. */
final class PluginSource extends Source {
    private final CatalogPlugin plugin;

    PluginSource(String name, CatalogPlugin plugin) {
        super(name);
        this.plugin = requireNonNull(plugin, "plugin");
    }

    @Override
    List<String> schemas(NamePattern schemas) {
        return namespaces(schemas).stream().map(PluginSource::schema).collect(Collectors.toList());
    }

    @Override
    List<Relation> relations(NamePattern schemas, NamePattern names) {
        return each(schemas, namespace -> {
            String schema = schema(namespace);
            List<Relation> found = new ArrayList<>();
            tables(namespace, names)
                    .forEach(table -> found.add(Relation.named(schema, table.name(), Relation.TABLE, "")));
            views(namespace, names).forEach(view -> found.add(Relation.named(schema, view.name(), Relation.VIEW, "")));
            return found;
        });
    }

    @Override
    List<Relation> loaded(NamePattern schemas, NamePattern names) {
        return each(schemas, namespace -> {
            String schema = schema(namespace);
            List<Relation> found = new ArrayList<>();
            tables(namespace, names).forEach(table -> found.addAll(one(table, () -> table(schema, table))));
            views(namespace, names).forEach(view -> found.addAll(one(view, () -> view(schema, view))));
            return found;
        });
    }

    @Override
    List<NamedFunction> functions(NamePattern schemas, NamePattern names) {
        return each(schemas, namespace -> functions(namespace, names).stream()
                .map(function -> new NamedFunction(schema(namespace), function.name(), "", "", false))
                .collect(Collectors.toList()));
    }

    private <T> List<T> each(NamePattern schemas, Function<String[], List<T>> question) {
        List<T> found = new ArrayList<>();
        for (String[] namespace : namespaces(schemas)) {
            found.addAll(question.apply(namespace));
        }
        return found;
    }

    private List<String[]> namespaces(NamePattern schemas) {
        if (!(plugin instanceof SupportsNamespaces)) {
            return schemas.matches(schema(plugin.defaultNamespace()))
                    ? Collections.singletonList(plugin.defaultNamespace())
                    : Collections.emptyList();
        }
        try {
            return matching(((SupportsNamespaces) plugin).listNamespaces(), schemas);
        } catch (NoSuchNamespaceException e) {
            return Collections.emptyList();
        }
    }

    /** Those of these namespaces, and of all below them, that match. */
    private List<String[]> matching(String[][] namespaces, NamePattern schemas) {
        List<String[]> found = new ArrayList<>();
        for (String[] namespace : namespaces) {
            String schema = schema(namespace);
            if (schemas.matches(schema)) {
                found.add(namespace);
            }
            if (!schemas.literal().isPresent() || startsWith(schemas.literal().get(), schema + ".")) {
                found.addAll(orNothing(
                        "namespaces of " + name + "." + schema,
                        () -> matching(((SupportsNamespaces) plugin).listNamespaces(namespace), schemas)));
            }
        }
        return found;
    }

    private static boolean startsWith(String text, String beginning) {
        return text.toLowerCase(Locale.ROOT).startsWith(beginning.toLowerCase(Locale.ROOT));
    }

    private static String schema(String[] namespace) {
        return namespace.length == 1
                ? namespace[0]
                : Arrays.stream(namespace).map(PluginSource::quoted).collect(Collectors.joining("."));
    }

    private static String quoted(String part) {
        return part.matches("\\w+") ? part : "`" + part.replace("`", "``") + "`";
    }

    private List<Identifier> tables(String[] namespace, NamePattern names) {
        return plugin instanceof TableCatalog
                ? matching("tables", namespace, names, () -> ((TableCatalog) plugin).listTables(namespace))
                : Collections.emptyList();
    }

    private List<Identifier> views(String[] namespace, NamePattern names) {
        return plugin instanceof ViewCatalog
                ? matching("views", namespace, names, () -> ((ViewCatalog) plugin).listViews(namespace))
                : Collections.emptyList();
    }

    private List<Identifier> functions(String[] namespace, NamePattern names) {
        return plugin instanceof FunctionCatalog
                ? matching("functions", namespace, names, () -> ((FunctionCatalog) plugin).listFunctions(namespace))
                : Collections.emptyList();
    }

    private List<Identifier> matching(
            String what, String[] namespace, NamePattern names, Callable<Identifier[]> listing) {
        return orNothing(what + " of " + name + "." + schema(namespace), () -> Arrays.stream(listing.call())
                .filter(identifier -> names.matches(identifier.name()))
                .collect(Collectors.toList()));
    }

    private List<Relation> one(Identifier identifier, Callable<Relation> loading) {
        return orNothing(name + "." + identifier, () -> Collections.singletonList(loading.call()));
    }

    private Relation table(String schema, Identifier identifier) throws Exception {
        Table table = ((TableCatalog) plugin).loadTable(identifier);
        return new Relation(
                schema,
                identifier.name(),
                Relation.TABLE,
                table.properties().get(TableCatalog.PROP_COMMENT),
                CatalogV2Util.v2ColumnsToStructType(table.columns()));
    }

    private Relation view(String schema, Identifier identifier) throws Exception {
        View view = ((ViewCatalog) plugin).loadView(identifier);
        return new Relation(
                schema,
                identifier.name(),
                Relation.VIEW,
                view.properties().get(ViewCatalog.PROP_COMMENT),
                view.schema());
    }
}
