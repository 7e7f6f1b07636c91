package io.torii.spark.session;

import org.apache.spark.sql.SparkSession;

/**
 * Whether a statement counts as finished while rows of it are still being computed: if its session asks for that, and once a
 * first page is there and some rows more. These are held back: as long as no others come, a fetch yields one of them after
 * {@link Fetches#PATIENCE}, so that a driver, which cannot cancel while it fetches, always can before long.
 */
final class EarlyPages {
    private static final String SETTING = "torii.session.early-pages";

    /** Last for more than ten minutes. */
    static final int HELD_BACK = 1_000;

    private EarlyPages() {}

    static boolean areWanted(SparkSession spark) {
        return Boolean.parseBoolean(spark.conf().get(SETTING, "").trim());
    }
}
