package io.torii.spark.result;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Makes a local relation of constants that are selected from nothing: the {@code SELECT 1} of every connection pool, for
 * which Spark would run a job. By then the optimizer has folded what can be folded. Immutable, thread-safe.
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
        if (!(plan instanceof Project) || !(((Project) plan).child() instanceof OneRowRelation)) {
            return plan;
        }
        List<Attribute> columns = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (NamedExpression column : JavaConverters.seqAsJavaList(((Project) plan).projectList())) {
            if (!(column instanceof Alias) || !(((Alias) column).child() instanceof Literal)) {
                return plan;
            }
            columns.add(column.toAttribute());
            values.add(((Literal) ((Alias) column).child()).value());
        }
        List<InternalRow> rows = new ArrayList<>();
        rows.add(new GenericInternalRow(values.toArray()));
        return new LocalRelation(seq(columns), seq(rows), false);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toList();
    }
}
