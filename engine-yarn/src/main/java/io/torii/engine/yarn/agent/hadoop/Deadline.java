package io.torii.engine.yarn.agent.hadoop;

import java.time.Duration;

/** When the gateway no longer waits for an answer, by the clock of {@link System#nanoTime}. */
public record Deadline(long nanos) {
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public boolean isOver() {
        return left().isNegative();
    }

    /** Negative if it is over. */
    public Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }
}
