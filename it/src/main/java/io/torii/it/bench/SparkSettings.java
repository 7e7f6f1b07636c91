package io.torii.it.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What Spark is told, alike for all opponents; only directories differ. */
final class SparkSettings {
    static final String MASTER = "local[2]";
    static final String MEMORY = "4g";

    private SparkSettings() {}

    /** Spark Thrift Server insists on Hive's catalog, so all have it, each process with one of its own in memory. */
    static Map<String, String> in(Path directory) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("spark.master", MASTER);
        settings.put("spark.driver.memory", MEMORY);
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.ui.port", "0");
        settings.put("spark.local.dir", directory.resolve("local").toString());
        settings.put(
                "spark.sql.warehouse.dir",
                directory.resolve("warehouse").toUri().toString());
        settings.put("spark.sql.catalogImplementation", "hive");
        settings.put("spark.hadoop.javax.jdo.option.ConnectionURL", "jdbc:derby:memory:metastore;create=true");
        return settings;
    }
}
