package io.torii.server.time;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Follows another clock without its jumps: where that is set, or the machine has slept, this one goes on from where it was,
 * a tenth faster or slower until both agree again. So it never goes back, and whatever is due comes neither all at once nor
 * never. Thread-safe.
 */
public final class SteadyClock extends Clock {
    private static final long CATCHES_UP_BY = 10;

    private final Clock followed;
    private final LongSupplier nanos;
    private long readAt;

    /** What has to be added to the nanoseconds since whenever to get those since 1970. */
    private long offset;

    /** @param nanos goes on evenly: {@code System::nanoTime} */
    public SteadyClock(Clock followed, LongSupplier nanos) {
        this.followed = requireNonNull(followed, "followed");
        this.nanos = requireNonNull(nanos, "nanos");
        this.readAt = nanos.getAsLong();
        this.offset = sinceEpoch(followed.instant()) - readAt;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(follow(sinceEpoch(followed.instant())));
    }

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(follow(sinceEpoch(followed.instant())));
    }

    @Override
    public ZoneId getZone() {
        return followed.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SteadyClock(followed.withZone(zone), nanos);
    }

    private synchronized long follow(long said) {
        long now = nanos.getAsLong();
        long most = (now - readAt) / CATCHES_UP_BY;
        offset += Math.max(-most, Math.min(said - now - offset, most));
        readAt = now;
        return now + offset;
    }

    private static long sinceEpoch(Instant moment) {
        return TimeUnit.SECONDS.toNanos(moment.getEpochSecond()) + moment.getNano();
    }
}
