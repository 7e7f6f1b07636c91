package io.torii.spark.catalog;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import scala.Option;
import scala.collection.JavaConverters;

/** The catalogs of a session: Spark's own, and those that its settings name, loaded or not. Thread-safe. */
final class Catalogs {
    private static final String SETTING = "spark.sql.catalog.";

    private final SparkSession session;

    Catalogs(SparkSession session) {
        this.session = requireNonNull(session, "session");
    }

    /** Loads none of them. */
    SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        names.add(CatalogManager.SESSION_CATALOG_NAME());
        names.addAll(JavaConverters.seqAsJavaList(manager().listCatalogs(Option.empty())));
        JavaConverters.mapAsJavaMap(session.sessionState().conf().getAllConfs()).keySet().stream()
                .filter(key -> key.startsWith(SETTING) && key.indexOf('.', SETTING.length()) < 0)
                .forEach(key -> names.add(key.substring(SETTING.length())));
        return names;
    }

    /**
     * The answers of the catalog with this name or, if none has it, of those that match it as a pattern; null means all. One
     * that fails is left out, unless it was asked for by its name.
     */
    <T> List<T> ask(String requested, Function<Source, List<T>> question) {
        SortedSet<String> names = names();
        if (requested != null && names.contains(requested)) {
            return question.apply(source(requested));
        }
        NamePattern pattern = NamePattern.of(requested);
        List<T> answers = new ArrayList<>();
        names.stream()
                .filter(pattern::matches)
                .forEach(name ->
                        answers.addAll(Source.orNothing("catalog " + name, () -> question.apply(source(name)))));
        return answers;
    }

    private Source source(String name) {
        return name.equals(CatalogManager.SESSION_CATALOG_NAME())
                ? new SessionSource(
                        session.sessionState(), session.sessionState().catalog())
                : new PluginSource(name, manager().catalog(name));
    }

    private CatalogManager manager() {
        return session.sessionState().catalogManager();
    }
}
