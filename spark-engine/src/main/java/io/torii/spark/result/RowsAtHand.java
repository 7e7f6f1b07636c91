package io.torii.spark.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.CommandResult;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.QueryExecution;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Rows that lie in a plan, so that neither a job nor a physical plan is needed: what a command has answered, and constants that
 * are selected from nothing. Each is looked for as early in Spark's phases as it can be seen.
 */
final class RowsAtHand {
    private RowsAtHand() {}

    static Optional<InternalRow[]> of(QueryExecution query) {
        LogicalPlan analyzed = query.commandExecuted();
        if (analyzed instanceof CommandResult) {
            return Optional.of(array(((CommandResult) analyzed).rows()));
        }
        Optional<InternalRow> constants = constants(analyzed);
        if (constants.isPresent()) {
            return Optional.of(new InternalRow[] {constants.get()});
        }
        if (!isFromNothing(analyzed)) {
            return Optional.empty(); // Spark's listeners are to hear of it
        }
        LogicalPlan optimized = query.optimizedPlan();
        if (optimized instanceof LocalRelation && !optimized.isStreaming()) {
            return Optional.of(array(((LocalRelation) optimized).data()));
        }
        return Optional.empty();
    }

    private static boolean isFromNothing(LogicalPlan plan) {
        return JavaConverters.seqAsJavaList(plan.collectLeaves()).stream().allMatch(OneRowRelation.class::isInstance);
    }

    /** The row of a plan that selects literals from nothing. */
    static Optional<InternalRow> constants(LogicalPlan plan) {
        if (!(plan instanceof Project) || !(((Project) plan).child() instanceof OneRowRelation)) {
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (NamedExpression column : JavaConverters.seqAsJavaList(((Project) plan).projectList())) {
            if (!(column instanceof Alias) || !(((Alias) column).child() instanceof Literal)) {
                return Optional.empty();
            }
            values.add(((Literal) ((Alias) column).child()).value());
        }
        return Optional.of(new GenericInternalRow(values.toArray()));
    }

    private static InternalRow[] array(Seq<InternalRow> rows) {
        return JavaConverters.seqAsJavaList(rows).toArray(new InternalRow[0]);
    }
}
