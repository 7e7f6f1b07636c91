package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells administrators of clients that are not served. Nobody has logged in to make such a line, so there is one at most for
 * an address and minute, and a number of addresses; what it leaves out is counted, and told at level debug. Thread-safe.
 */
final class RefusalLog {
    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int ADDRESSES = 1_000;

    /** Of an address's latest line, and how many were left out since. */
    private static final class Latest {
        private final long nanos;
        private long leftOut;

        private Latest(long nanos) {
            this.nanos = nanos;
        }
    }

    private final LongSupplier nanos;
    private final Map<String, Latest> addresses = new LinkedHashMap<>(); // that with the eldest line first

    RefusalLog(LongSupplier nanos) {
        this.nanos = requireNonNull(nanos, "nanos");
    }

    /** Writes what happened to a client, or counts it. */
    void write(String address, String what) {
        OptionalLong leftOut = turn(address);
        if (leftOut.isPresent()) {
            log.info("{} address={} left-out={}", what, address, leftOut.getAsLong());
        } else {
            log.debug("{} address={}", what, address);
        }
    }

    /** How many were left out before, if there may be a line now. */
    synchronized OptionalLong turn(String address) {
        long now = nanos.getAsLong();
        Latest latest = addresses.get(address);
        if (latest != null && !isOver(latest, now)) {
            latest.leftOut++;
            return OptionalLong.empty();
        }
        if (latest == null && addresses.size() >= ADDRESSES && !forgetEldest(now)) {
            return OptionalLong.empty();
        }
        addresses.remove(address);
        addresses.put(address, new Latest(now));
        return OptionalLong.of(latest == null ? 0 : latest.leftOut);
    }

    private boolean forgetEldest(long now) {
        Iterator<Latest> eldest = addresses.values().iterator();
        boolean over = isOver(eldest.next(), now);
        if (over) {
            eldest.remove();
        }
        return over;
    }

    private static boolean isOver(Latest latest, long now) {
        return now - latest.nanos >= PAUSE.toNanos();
    }
}
