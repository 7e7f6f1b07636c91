package io.torii.spark.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ShowTables;
import org.apache.spark.sql.catalyst.plans.logical.ShowViews;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.command.ShowTablesCommand;
import org.apache.spark.sql.execution.command.ShowViewsCommand;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * SHOW TABLES and SHOW VIEWS as Hive answers them: names alone. PyHive takes the first column for the name, which is the
 * namespace in Spark; it speaks V6, and so does nothing that knows Spark's shape.
 */
final class HiveShape {
    private static final String SETTING = "torii.session.hive-show-tables";
    private static final String SPARKS_OWN = "spark.sql.legacy.keepCommandOutputSchema";
    private static final int NAME = 1;

    private final StructType schema;
    private final List<Row> rows;

    private HiveShape(StructType schema, List<Row> rows) {
        this.schema = schema;
        this.rows = rows;
    }

    StructType schema() {
        return schema;
    }

    List<Row> rows() {
        return rows;
    }

    /** The answer as the session wants it; empty if that is Spark's own. */
    static Optional<HiveShape> of(QueryExecution answer, TProtocolVersion protocol) {
        LogicalPlan plan = answer.analyzed();
        if (!listsNames(plan) || !isWanted(answer.sparkSession(), protocol)) {
            return Optional.empty();
        }
        StructField name = plan.schema().fields()[NAME];
        List<Row> names = new ArrayList<>();
        for (InternalRow row : answer.executedPlan().executeCollect()) {
            names.add(RowFactory.create(row.getString(NAME)));
        }
        return Optional.of(new HiveShape(new StructType().add(name), names));
    }

    private static boolean listsNames(LogicalPlan plan) {
        return plan instanceof ShowTables
                || plan instanceof ShowViews
                || plan instanceof ShowViewsCommand
                || (plan instanceof ShowTablesCommand && !((ShowTablesCommand) plan).isExtended());
    }

    private static boolean isWanted(SparkSession spark, TProtocolVersion protocol) {
        String setting = spark.conf().get(SETTING, "").trim();
        return setting.isEmpty()
                ? protocol == TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6
                        && !Boolean.parseBoolean(spark.conf().get(SPARKS_OWN, "false"))
                : Boolean.parseBoolean(setting);
    }
}
