package io.torii.spark.result;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.CollectLimitExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SQLExecutionRDD;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.runtime.AbstractFunction0;

/** Makes the results of one engine, which share its budgets. Thread-safe. */
public final class ResultSets implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final int SMALL_PAGE_ROWS = 10_000;

    private final SparkSession root;
    private final ResultBudget budget;
    private final ThreadPoolExecutor writers;
    private final Set<ResultSet> open = ConcurrentHashMap.newKeySet();

    public ResultSets(SparkSession root, ResultLimits limits) {
        this.root = requireNonNull(root, "root");
        this.budget = new ResultBudget(limits);
        AtomicInteger count = new AtomicInteger();
        this.writers =
                new ThreadPoolExecutor(WRITERS, WRITERS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "result-writer-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // now: later they would inherit the session and the job group of some statement
        writers.prestartAllCoreThreads();
    }

    /**
     * Computes the rows under the calling thread's job group, and returns when all rows are stored, or a first full page and
     * what is held back are; what fails later fails {@link ResultSet#fetch}. What Spark throws is thrown as it is.
     *
     * @param protocolVersion value of the negotiated TProtocolVersion, 0 for V1
     * @param fetchSize rows in a page
     * @param heldBack rows that are given away only one by one, each after some time, as long as others may follow
     */
    public ResultSet run(QueryExecution query, int protocolVersion, int fetchSize, int heldBack) {
        if (fetchSize < 1) {
            throw new IllegalArgumentException("Fetch size " + fetchSize + " is not positive");
        }
        SparkSession session = query.sparkSession();
        StructType columns = query.analyzed().schema();
        RowFormat format =
                new RowFormat(columns, session, fetchSize, budget.limits().pageBytes());
        byte[] schema = SchemaEncoder.encode(columns, protocolVersion);
        Optional<InternalRow[]> atHand = RowsAtHand.of(query);
        if (atHand.isPresent()) {
            return ready(schema, protocolVersion, format, atHand.get());
        }
        SparkPlan plan = query.executedPlan();
        return SQLExecution.withNewExecutionId(query, Option.apply("collect"), new AbstractFunction0<ResultSet>() {
            @Override
            public ResultSet apply() {
                return compute(Plans.settled(plan), session, schema, protocolVersion, format, heldBack);
            }
        });
    }

    private ResultSet compute(
            SparkPlan plan, SparkSession session, byte[] schema, int protocolVersion, RowFormat format, int heldBack) {
        if (Plans.collectsFew(plan)) {
            return ready(schema, protocolVersion, format, plan.executeCollect());
        }
        long offset = 0;
        long limit = Long.MAX_VALUE;
        SparkPlan source = plan;
        if (plan instanceof CollectLimitExec) {
            CollectLimitExec collect = (CollectLimitExec) plan;
            offset = collect.offset();
            limit = collect.limit() < 0 ? Long.MAX_VALUE : collect.limit();
            source = collect.child();
        }
        PageIndex index = new PageIndex(new PageStore(budget), offset, limit, heldBack);
        RDD<InternalRow> rdd =
                new SQLExecutionRDD(source.execute(), session.sessionState().conf());
        TakePace pace = limit == Long.MAX_VALUE
                ? TakePace.allAtOnce()
                : TakePace.of(session.sessionState().conf());
        JobCollector collector =
                new JobCollector(session.sparkContext(), rdd, format, index, new SerialExecutor(writers), pace);
        StoredResult result = opened(schema, protocolVersion, format, index, collector::cancel);
        try {
            collector.start();
            result.awaitFirst();
            return result;
        } catch (Throwable e) {
            result.close();
            throw e;
        }
    }

    /** A small, ready-made result. */
    public ResultSet of(StructType schema, List<Row> rows, int protocolVersion) {
        Function1<Object, Object> internal = CatalystTypeConverters.createToCatalystConverter(schema);
        InternalRow[] encodable = new InternalRow[rows.size()];
        for (int i = 0; i < encodable.length; i++) {
            encodable[i] = (InternalRow) internal.apply(rows.get(i));
        }
        RowFormat format =
                new RowFormat(schema, root, SMALL_PAGE_ROWS, budget.limits().pageBytes());
        return ready(SchemaEncoder.encode(schema, protocolVersion), protocolVersion, format, encodable);
    }

    /** A result without columns and rows. */
    public ResultSet empty(int protocolVersion) {
        return of(new StructType(), Collections.emptyList(), protocolVersion);
    }

    private ResultSet ready(byte[] schema, int protocolVersion, RowFormat format, InternalRow[] rows) {
        PageIndex index = new PageIndex(new PageStore(budget), 0, Long.MAX_VALUE, 0);
        StoredResult result = opened(schema, protocolVersion, format, index, () -> {});
        try {
            PageEncoder encoder = new PageEncoder(format);
            for (InternalRow row : rows) {
                if (encoder.add(row)) {
                    index.add(0, encoder.cut());
                }
            }
            if (encoder.rows() > 0) {
                index.add(0, encoder.cut());
            }
            index.end();
            return result;
        } catch (Throwable e) {
            result.close();
            throw e;
        }
    }

    private StoredResult opened(
            byte[] schema, int protocolVersion, RowFormat format, PageIndex index, Runnable whenClosed) {
        StoredResult[] self = new StoredResult[1];
        self[0] = new StoredResult(schema, protocolVersion, format, index, () -> {
            open.remove(self[0]);
            whenClosed.run();
        });
        open.add(self[0]);
        return self[0];
    }

    /** Bytes of heap that results hold now. */
    public long memoryBytes() {
        return budget.memory();
    }

    /** Bytes of disk that results hold now. */
    public long diskBytes() {
        return budget.disk();
    }

    /** Closes all results and ends the writers. */
    @Override
    public void close() {
        open.forEach(ResultSet::close);
        writers.shutdownNow();
    }
}
