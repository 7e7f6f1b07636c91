package io.torii.engine.yarn.agent;

import java.time.Duration;

/** When the gateway no longer waits for an answer, by the clock of {@link System#nanoTime}. */
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return left().isNegative();
    }

    /** Negative if it is over. */
    Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }
}
