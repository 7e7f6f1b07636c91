package io.torii.spark.result;

import java.util.concurrent.CompletableFuture;

/** Somebody waits for rows of a result. */
public interface Arrival {
    /** Completes, and never with a failure, once the rows are there or will not come. */
    CompletableFuture<Void> there();

    /** From now on one row is enough. */
    void hurry();
}
