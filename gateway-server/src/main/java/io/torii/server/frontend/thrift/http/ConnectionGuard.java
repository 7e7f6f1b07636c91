package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what connections cost that have not made a request yet: how many there are, and how long the head of a request may
 * take, from the connection's beginning or its first byte. Thread-safe.
 */
public final class ConnectionGuard implements Connection.Listener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionGuard.class);

    /** Guarded by itself. */
    private static final class Watched {
        private int serving;
        private long bytesAtRest;
        private long beganNanos;
        private boolean begun;
    }

    private final int most;
    private final Duration head;
    private final LongSupplier nanos;
    private final Map<Connection, Watched> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean full = new AtomicBoolean();

    /**
     * @param most connections at once; 0 is no limit
     * @param head how long the head of a request may take
     */
    public ConnectionGuard(int most, Duration head, LongSupplier nanos) {
        this.most = most;
        this.head = requireNonNull(head, "head");
        this.nanos = requireNonNull(nanos, "nanos");
    }

    int connections() {
        return connections.size();
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof ConnectionMetaData)) {
            return; // that of TLS below it
        }
        if (most > 0 && connections.size() >= most) {
            if (full.compareAndSet(false, true)) {
                log.warn("refusing connections: as many as allowed are open limit={}", most);
            }
            connection.getEndPoint().close();
            return;
        }
        full.set(false);
        Watched watched = new Watched();
        watched.begun = true;
        watched.beganNanos = nanos.getAsLong();
        connections.put(connection, watched);
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    /** A request's head is there. */
    public void begun(ConnectionMetaData connection) {
        Watched watched = connections.get(connection.getConnection());
        if (watched != null) {
            synchronized (watched) {
                watched.serving++;
            }
        }
    }

    /** A request has been answered. */
    public void ended(ConnectionMetaData connection) {
        Watched watched = connections.get(connection.getConnection());
        if (watched != null) {
            synchronized (watched) {
                watched.serving--;
                watched.begun = false;
                watched.bytesAtRest = connection.getConnection().getBytesIn();
            }
        }
    }

    /** Ends connections that take too long; call it more often than the time that they have. */
    public void tick() {
        connections.forEach((connection, watched) -> {
            if (isLate(connection, watched)) {
                log.info(
                        "closing a connection that makes no request in time address={}",
                        connection.getEndPoint().getRemoteSocketAddress());
                connection.getEndPoint().close();
            }
        });
    }

    private boolean isLate(Connection connection, Watched watched) {
        long now = nanos.getAsLong();
        synchronized (watched) {
            if (watched.serving > 0) {
                return false;
            }
            if (!watched.begun && connection.getBytesIn() > watched.bytesAtRest) {
                watched.begun = true;
                watched.beganNanos = now;
            }
            return watched.begun && now - watched.beganNanos > head.toNanos();
        }
    }
}
