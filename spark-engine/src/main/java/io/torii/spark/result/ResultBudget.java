package io.torii.spark.result;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that all results of an engine hold. Thread-safe. */
final class ResultBudget {
    private final ResultLimits limits;
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong disk = new AtomicLong();

    ResultBudget(ResultLimits limits) {
        this.limits = limits;
    }

    ResultLimits limits() {
        return limits;
    }

    boolean takeMemory(long bytes) {
        return take(memory, bytes, limits.memoryBytes());
    }

    void freeMemory(long bytes) {
        memory.addAndGet(-bytes);
    }

    boolean takeDisk(long bytes) {
        return take(disk, bytes, limits.diskBytes());
    }

    void freeDisk(long bytes) {
        disk.addAndGet(-bytes);
    }

    long memory() {
        return memory.get();
    }

    long disk() {
        return disk.get();
    }

    private static boolean take(AtomicLong used, long bytes, long limit) {
        long now = used.get();
        while (now + bytes <= limit) {
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }
}
