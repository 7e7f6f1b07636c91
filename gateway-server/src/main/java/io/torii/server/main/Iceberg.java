package io.torii.server.main;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What makes a cluster's engines read and write Iceberg tables, in the catalog that they have anyway. */
final class Iceberg {
    private static final String JARS = "spark.jars";
    private static final String EXTENSIONS = "spark.sql.extensions";
    private static final String CATALOG = "spark.sql.catalog.spark_catalog";

    private Iceberg() {}

    /**
     * The settings with what Iceberg needs; what is there already stays, beside it where there can be several.
     *
     * @param runtime Iceberg's runtime for Spark: a path on this host or a URL; empty for none
     * @param resolve makes a path absolute
     */
    static Map<String, String> with(
            Optional<String> runtime, UnaryOperator<Path> resolve, Map<String, String> settings) {
        if (runtime.isEmpty()) {
            return settings;
        }
        String jar = runtime.get().contains(":/")
                ? runtime.get()
                : resolve.apply(Path.of(runtime.get())).toString();
        Map<String, String> all = new TreeMap<>(settings);
        all.merge(JARS, jar, (given, ours) -> given + "," + ours);
        all.merge(
                EXTENSIONS,
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
                (given, ours) -> given + "," + ours);
        all.putIfAbsent(CATALOG, "org.apache.iceberg.spark.SparkSessionCatalog");
        boolean hive =
                all.getOrDefault("spark.sql.catalogImplementation", "hive").equals("hive");
        all.putIfAbsent(CATALOG + ".type", hive ? "hive" : "hadoop");
        return all;
    }
}
