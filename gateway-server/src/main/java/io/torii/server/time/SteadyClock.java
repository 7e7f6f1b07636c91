package io.torii.server.time;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Follows another clock without its jumps: where that is set, or the machine has slept, this one goes on from where it was,
 * and catches up ({@link SteadyTime}). So whatever is due comes neither all at once nor never. Thread-safe.
 */
public final class SteadyClock extends Clock {
    private final Clock followed;
    private final LongSupplier nanos;
    private final SteadyTime steady;

    /** @param nanos goes on evenly: {@code System::nanoTime} */
    public SteadyClock(Clock followed, LongSupplier nanos) {
        this.followed = requireNonNull(followed, "followed");
        this.nanos = requireNonNull(nanos, "nanos");
        this.steady = new SteadyTime(said(), nanos);
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(steady.at(said()));
    }

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(steady.at(said()));
    }

    @Override
    public ZoneId getZone() {
        return followed.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SteadyClock(followed.withZone(zone), nanos);
    }

    private long said() {
        Instant now = followed.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
