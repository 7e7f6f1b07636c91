package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import io.torii.server.frontend.thrift.ConnectionLimit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Bounds what connections cost that have not made a request yet: how many there are, in all and from one address, and how
 * long the head of a request may take, from the connection's beginning or its first byte. Thread-safe.
 */
public final class ConnectionGuard implements Connection.Listener {
    /** Guarded by itself. */
    private static final class Watched {
        private final InetAddress address;
        private boolean fresh = true; // no request yet
        private int serving;
        private long beganNanos;
        private boolean begun = true;

        private Watched(InetAddress address, long nowNanos) {
            this.address = address;
            this.beganNanos = nowNanos;
        }
    }

    private final ConnectionLimit limit;
    private final Duration head;
    private final RefusalLog refusals;
    private final LongSupplier nanos;
    private final Map<Connection, Watched> connections = new ConcurrentHashMap<>();

    /** @param head how long the head of a request may take */
    ConnectionGuard(ConnectionLimit limit, Duration head, RefusalLog refusals, LongSupplier nanos) {
        this.limit = requireNonNull(limit, "limit");
        this.head = requireNonNull(head, "head");
        this.refusals = requireNonNull(refusals, "refusals");
        this.nanos = requireNonNull(nanos, "nanos");
    }

    int connections() {
        return connections.size();
    }

    /** A guard that refuses nobody for being one too many. */
    public static ConnectionGuard ofHeads(Duration head) {
        return new ConnectionGuard(new ConnectionLimit(0, 0), head, new RefusalLog(System::nanoTime), System::nanoTime);
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof HttpConnection)) {
            return; // that of TLS below it
        }
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress client
                && limit.admit(client.getAddress())) {
            connections.put(connection, new Watched(client.getAddress(), nanos.getAsLong()));
        } else {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Watched watched = connections.remove(connection);
        if (watched != null) {
            limit.gone(watched.address);
        }
    }

    /** A request's head is there. */
    public void begun(ConnectionMetaData connection) {
        Watched watched = connections.get(connection.getConnection());
        if (watched != null) {
            synchronized (watched) {
                watched.fresh = false;
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
            }
        }
    }

    /** Ends connections that take too long; call it more often than the time that they have. */
    public void tick() {
        connections.forEach((connection, watched) -> {
            if (isLate(connection, watched)) {
                refusals.write(watched.address.getHostAddress(), "closing a connection that makes no request in time");
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
            if (!watched.fresh && isAtRest(connection)) {
                watched.begun = false;
                return false;
            }
            if (!watched.begun) {
                watched.begun = true;
                watched.beganNanos = now;
            }
            return now - watched.beganNanos > head.toNanos();
        }
    }

    /** Whether no byte of a head is there, also none that came along with the request before. */
    private static boolean isAtRest(Connection connection) {
        return ((HttpConnection) connection).getParser().isIdle();
    }
}
