package io.torii.server.frontend.home;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Where and how to listen for engines.
 *
 * @param port 0 for any free one
 * @param heartbeat what engines are told to wait between heartbeats
 * @param maxConnections further ones are closed at once
 * @param patience how long a connection may stay open without a whole request having arrived
 */
public record HomeServerConfig(String host, int port, Duration heartbeat, int maxConnections, Duration patience) {
    private static final int MAX_CONNECTIONS = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public HomeServerConfig {
        requireNonNull(host, "host");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("home port: " + port + " (expected: 0 to 65535)");
        }
        requirePositive(heartbeat, "heartbeat interval");
        requirePositive(patience, "patience");
        if (maxConnections < 1) {
            throw new IllegalArgumentException("home connections: " + maxConnections + " (expected: 1 or more)");
        }
    }

    public static HomeServerConfig of(String host, int port, Duration heartbeat) {
        return new HomeServerConfig(host, port, heartbeat, MAX_CONNECTIONS, PATIENCE);
    }

    private static void requirePositive(Duration value, String what) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: more than zero)");
        }
    }
}
