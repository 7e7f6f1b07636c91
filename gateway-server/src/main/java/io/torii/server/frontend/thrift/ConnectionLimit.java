package io.torii.server.frontend.thrift;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections a port may have at once, in all and from one address. Thread-safe. */
public final class ConnectionLimit {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicBoolean full = new AtomicBoolean();

    /** Zero is no limit. */
    public ConnectionLimit(int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
    }

    /** Whether a connection from there may stay; it is counted until it is said to be gone. */
    public boolean admit(InetAddress address) {
        if (open.incrementAndGet() > most && most > 0) {
            open.decrementAndGet();
            refused("as many as allowed are open", most, address);
            return false;
        }
        if (byAddress.merge(address, 1, Integer::sum) > mostOfAddress && mostOfAddress > 0) {
            gone(address);
            refused("as many as allowed are open from this address", mostOfAddress, address);
            return false;
        }
        full.set(false);
        return true;
    }

    /** A connection that was admitted has closed. */
    public void gone(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (known, count) -> count > 1 ? count - 1 : null);
    }

    private void refused(String why, int limit, InetAddress address) {
        if (full.compareAndSet(false, true)) {
            log.warn("refusing connections: {} limit={} address={}", why, limit, address.getHostAddress());
        }
    }
}
