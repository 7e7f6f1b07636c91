package io.torii.spark.result;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Those who wait for rows of one result. Thread-safe. */
final class Arrivals {
    private final LongSupplier reached;
    private final List<Awaited> awaited = new ArrayList<>();

    /** @param reached the row before which all are there; the largest number once no more will come */
    Arrivals(LongSupplier reached) {
        this.reached = reached;
    }

    /**
     * Somebody waits for the rows before one.
     *
     * @param row the first of them
     * @param until the row after the last one
     */
    Arrival await(long row, long until) {
        Awaited arrival = new Awaited(row, until);
        synchronized (this) {
            awaited.add(arrival);
        }
        tell();
        return arrival;
    }

    /** Rows have come, or none will. Not to be called under a lock: whoever waits goes on here. */
    void tell() {
        long now = reached.getAsLong();
        List<Awaited> told = new ArrayList<>();
        synchronized (this) {
            awaited.removeIf(arrival -> arrival.until <= now && told.add(arrival));
        }
        told.forEach(arrival -> arrival.there.complete(null));
    }

    private final class Awaited implements Arrival {
        private final CompletableFuture<Void> there = new CompletableFuture<>();
        private final long row;
        private volatile long until;

        private Awaited(long row, long until) {
            this.row = row;
            this.until = until;
        }

        @Override
        public CompletableFuture<Void> there() {
            return there;
        }

        @Override
        public void hurry() {
            until = row + 1;
            tell();
        }
    }
}
