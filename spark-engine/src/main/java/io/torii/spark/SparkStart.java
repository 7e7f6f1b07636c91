package io.torii.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark from the settings that it was submitted with. */
final class SparkStart {
    private static final String CATALOG = "spark.sql.catalogImplementation";

    private SparkStart() {}

    /** Fails if Spark does, or if it shall use Hive's catalog and has no classes for it. */
    static SparkSession start() {
        SparkConf settings = new SparkConf()
                .setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.app.name", "torii")
                // results have budgets of their own
                .setIfMissing("spark.driver.maxResultSize", "0");
        SparkSession.Builder builder = SparkSession.builder().config(settings);
        if (settings.get(CATALOG, "in-memory").equals("hive")) {
            builder.enableHiveSupport();
        }
        return builder.getOrCreate();
    }
}
