package io.torii.spark.result;

import java.util.Properties;
import java.util.concurrent.Executor;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Range$;
import scala.concurrent.ExecutionContext;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Has the rows of an RDD encoded by tasks and stored by a thread of its own: Spark's event loop only passes them on. A
 * result with a limit is collected as Spark's take does, by jobs over more and more partitions until there are enough rows;
 * all jobs carry the local properties of the thread that started the first. Thread-safe.
 */
final class JobCollector {
    private static final Logger log = LoggerFactory.getLogger(JobCollector.class);

    private final SparkContext spark;
    private final RDD<InternalRow> rdd;
    private final RowFormat format;
    private final PageIndex index;
    private final Executor storing;
    private final TakePace pace;
    private final int partitions;
    private final long id = PageBlocks.newId();
    private final Properties properties;
    private int scanned;
    private volatile boolean blocksLeft;
    private volatile boolean cancelled;
    private volatile SimpleFutureAction<Object> job;

    /**
     * @param storing runs one thing after the other
     * @param pace how many partitions to try at once
     */
    JobCollector(
            SparkContext spark,
            RDD<InternalRow> rdd,
            RowFormat format,
            PageIndex index,
            Executor storing,
            TakePace pace) {
        this.spark = spark;
        this.rdd = rdd;
        this.format = format;
        this.index = index;
        this.storing = storing;
        this.pace = pace;
        this.partitions = rdd.getNumPartitions();
        this.properties = (Properties) spark.getLocalProperties().clone();
    }

    /** Submits the first job, on the thread whose local properties count. */
    void start() {
        if (partitions == 0 || index.endRow() == 0) {
            index.end();
        } else {
            submit();
        }
    }

    /** Stops the job that runs, and drops what tasks have left. */
    void cancel() {
        cancelled = true;
        SimpleFutureAction<Object> running = job;
        if (running != null && !running.isCompleted()) {
            running.cancel();
            blocksLeft = true;
        }
        dropBlocks();
    }

    private void dropBlocks() {
        if (blocksLeft) {
            PageBlocks.dropAll(spark, id);
        }
    }

    private void submit() {
        int first = scanned;
        long missing = index.endRow() - index.arrived();
        scanned = (int) Math.min(partitions, (long) first + pace.next(first, index.arrived(), missing));
        SimpleFutureAction<Object> submitted = spark.submitJob(
                rdd,
                new EncodePartition(format, id, missing, PartitionPages.inlineBytes(scanned - first)),
                Range$.MODULE$.apply(first, scanned),
                new Arrival(first),
                new AbstractFunction0<Object>() {
                    @Override
                    public Object apply() {
                        return BoxedUnit.UNIT;
                    }
                });
        job = submitted;
        if (cancelled) {
            submitted.cancel();
        }
        submitted.onComplete(
                new AbstractFunction1<Try<Object>, Object>() {
                    @Override
                    public Object apply(Try<Object> outcome) {
                        storing.execute(() -> ended(outcome));
                        return BoxedUnit.UNIT;
                    }
                },
                SameThread.INSTANCE);
    }

    private void store(int partition, byte[][] result) {
        if (cancelled) {
            dropBlocks();
            return;
        }
        try {
            PartitionPages.read(id, result, page -> index.add(partition, page));
            index.finish(partition);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void ended(Try<Object> outcome) {
        if (outcome.isFailure()) {
            fail(outcome.failed().get());
        } else if (scanned >= partitions || index.arrived() >= index.endRow()) {
            index.end();
        } else if (!cancelled) {
            submitNext();
        }
    }

    private void submitNext() {
        Properties own = spark.getLocalProperties();
        spark.setLocalProperties(properties);
        try {
            submit();
        } catch (Throwable e) {
            fail(e);
        } finally {
            spark.setLocalProperties(own);
        }
    }

    private void fail(Throwable reason) {
        if (!cancelled) {
            log.debug("a result could not be collected", reason);
        }
        index.fail(reason);
        cancel();
    }

    /** What arrives on Spark's event loop is stored elsewhere. */
    private final class Arrival extends AbstractFunction2<Object, byte[][], BoxedUnit> {
        private final int first;

        private Arrival(int first) {
            this.first = first;
        }

        @Override
        public BoxedUnit apply(Object number, byte[][] result) {
            int partition = first + (Integer) number;
            if (PartitionPages.inBlocks(result)) {
                blocksLeft = true;
            }
            storing.execute(() -> store(partition, result));
            return BoxedUnit.UNIT;
        }
    }

    private enum SameThread implements ExecutionContext {
        INSTANCE;

        @Override
        public void execute(Runnable runnable) {
            runnable.run();
        }

        @Override
        public void reportFailure(Throwable cause) {
            log.warn("the end of a job could not be handled", cause);
        }
    }
}
