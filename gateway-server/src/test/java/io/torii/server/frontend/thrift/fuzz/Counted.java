package io.torii.server.frontend.thrift.fuzz;

import java.util.concurrent.atomic.AtomicLong;

/** How many inputs a class of properties has tried; says so at its end. Thread-safe. */
public final class Counted {
    private final String what;
    private final AtomicLong tried = new AtomicLong();

    public Counted(String what) {
        this.what = what;
    }

    public void next() {
        tried.incrementAndGet();
    }

    public void print() {
        System.out.printf("Fuzzed %s with %,d generated inputs%n", what, tried.get());
    }
}
