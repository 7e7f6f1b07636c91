package io.torii.spark.result;

import org.apache.spark.sql.internal.SQLConf;

/** How many partitions to try next when only some rows are wanted: the rule of Spark's own take. Immutable. */
final class TakePace {
    private final int firstPartitions;
    private final int scaleUp;

    private TakePace(int firstPartitions, int scaleUp) {
        this.firstPartitions = firstPartitions;
        this.scaleUp = scaleUp;
    }

    static TakePace allAtOnce() {
        return new TakePace(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    static TakePace of(SQLConf conf) {
        return new TakePace(conf.limitInitialNumPartitions(), Math.max(conf.limitScaleUpFactor(), 2));
    }

    /**
     * @param scanned partitions that were tried
     * @param found rows in them
     * @param missing rows that are still wanted
     */
    long next(int scanned, long found, long missing) {
        if (scanned == 0) {
            return firstPartitions;
        }
        long most = (long) scanned * scaleUp;
        return found == 0 ? most : Math.max(1, Math.min(most, (long) Math.ceil(1.5 * missing * scanned / found)));
    }
}
