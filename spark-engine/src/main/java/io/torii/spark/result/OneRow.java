package io.torii.spark.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Makes a local relation of constants that are selected from nothing, for which Spark would run a job, such as the {@code
 * SELECT 1 + 1} or {@code SELECT current_date()} of a connection pool. By then the optimizer has folded what can be folded. Immutable, thread-safe.
 */
public final class OneRow extends Rule<LogicalPlan> {
    private static final long serialVersionUID = 1;

    /** Adds the rule to a session. */
    public static void addTo(SparkSession session) {
        List<Rule<LogicalPlan>> rules = new ArrayList<>(
                JavaConverters.seqAsJavaList(session.experimental().extraOptimizations()));
        rules.add(new OneRow());
        session.experimental().extraOptimizations_$eq(seq(rules));
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        Optional<InternalRow> row = RowsAtHand.constants(plan);
        return row.isPresent()
                ? new LocalRelation(plan.output(), seq(Collections.singletonList(row.get())), false)
                : plan;
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toList();
    }
}
