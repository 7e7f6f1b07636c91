package io.torii.server.store.sql;

import io.torii.server.time.SteadyTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.config.JdbiConfig;

/**
 * The store's clock without its jumps, for all transactions of one gateway: leases and heartbeats are not all over at once
 * because the database's host was told another time. Thread-safe.
 */
public final class StoreClock implements JdbiConfig<StoreClock> {
    private Optional<SteadyTime> steady = Optional.empty();

    /** What Jdbi makes; there is one for a database. */
    public StoreClock() {}

    /** The time at a moment at which the store says that it is this, both in milliseconds since 1970. */
    synchronized long at(long said) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(said);
        if (steady.isEmpty()) {
            steady = Optional.of(new SteadyTime(nanos, System::nanoTime));
        }
        return TimeUnit.NANOSECONDS.toMillis(steady.get().at(nanos));
    }

    /** Shared, since it is the same database. */
    @Override
    public StoreClock createCopy() {
        return this;
    }
}
