package io.torii.spark.result;

import org.apache.spark.sql.execution.CommandResultExec;
import org.apache.spark.sql.execution.LocalTableScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.TakeOrderedAndProjectExec;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.command.ExecutedCommandExec;
import org.apache.spark.sql.execution.datasources.v2.V2CommandExec;

/** Tells which physical plans yield their rows best without a job of ours. */
final class Plans {
    /** So many row objects may pass through the driver. */
    private static final int FEW_ROWS = 1000;

    private Plans() {}

    /** The plan whose root is what really runs; adaptive execution computes its stages for that. */
    static SparkPlan settled(SparkPlan plan) {
        return plan instanceof AdaptiveSparkPlanExec ? ((AdaptiveSparkPlanExec) plan).finalPhysicalPlan() : plan;
    }

    /** Whether Spark's own way of collecting is the shorter one and brings few rows. */
    static boolean collectsFew(SparkPlan plan) {
        return plan instanceof LocalTableScanExec
                || plan instanceof CommandResultExec
                || plan instanceof ExecutedCommandExec
                || plan instanceof V2CommandExec
                || plan instanceof TakeOrderedAndProjectExec && ((TakeOrderedAndProjectExec) plan).limit() <= FEW_ROWS;
    }
}
