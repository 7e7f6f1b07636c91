package io.torii.server.time;

import static java.util.Objects.requireNonNull;

import java.util.function.LongSupplier;

/**
 * What clocks say without their jumps: goes on from where it was, a tenth faster or slower than time does until it agrees with
 * them again, and never back. Thread-safe.
 */
public final class SteadyTime {
    private static final long CATCHES_UP_BY = 10;

    private final LongSupplier nanos;
    private long readAt;

    /** What has to be added to the nanoseconds since whenever to get those since 1970. */
    private long offset;

    /**
     * @param said nanoseconds since 1970 at this moment
     * @param nanos goes on evenly: {@code System::nanoTime}
     */
    public SteadyTime(long said, LongSupplier nanos) {
        this.nanos = requireNonNull(nanos, "nanos");
        this.readAt = nanos.getAsLong();
        this.offset = said - readAt;
    }

    /** Nanoseconds since 1970 at a moment at which the clock that is followed says that it is this, in the same unit. */
    public synchronized long at(long said) {
        long now = nanos.getAsLong();
        long most = (now - readAt) / CATCHES_UP_BY;
        offset += Math.max(-most, Math.min(said - now - offset, most));
        readAt = now;
        return now + offset;
    }
}
