package io.torii.server.store.sql;

import io.torii.server.time.SteadyClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.config.JdbiConfig;

/**
 * The store's clock without its jumps, for all transactions of one gateway: leases and heartbeats are not all over at once
 * because the database's host was told another time. Thread-safe.
 */
public final class StoreClock implements JdbiConfig<StoreClock> {
    private final Reading reading = new Reading();
    private Optional<SteadyClock> steady = Optional.empty();

    /** What Jdbi makes; there is one for a database. */
    public StoreClock() {}

    /** The time at a moment at which the store says that it is this, both in milliseconds since 1970. */
    synchronized long at(long said) {
        reading.now = Instant.ofEpochMilli(said);
        if (steady.isEmpty()) {
            steady = Optional.of(new SteadyClock(reading, System::nanoTime));
        }
        return steady.get().millis();
    }

    /** Shared, since it is the same database. */
    @Override
    public StoreClock createCopy() {
        return this;
    }

    /** What the store has said last. */
    private static final class Reading extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("one zone only");
        }
    }
}
