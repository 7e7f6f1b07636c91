package io.torii.spark.result;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.util.QueryExecutionListener;

/** Counts executions that ended well. */
final class CountingListener implements QueryExecutionListener {
    private final AtomicInteger count;

    CountingListener(AtomicInteger count) {
        this.count = count;
    }

    @Override
    public void onSuccess(String name, QueryExecution execution, long nanos) {
        count.incrementAndGet();
    }

    @Override
    public void onFailure(String name, QueryExecution execution, Exception failure) {
        throw new AssertionError(failure);
    }
}
