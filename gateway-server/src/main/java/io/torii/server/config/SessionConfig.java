package io.torii.server.config;

import java.time.Duration;
import java.util.Map;

/** Sessions. Immutable. */
public record SessionConfig(
        @Doc("How long a session may be unused before it is closed; `0s` is for ever") @Default("6h")
                Duration idleTimeout,
        @Doc("How long a session outlives a connection that ended without closing it") @Default("30s")
                Duration disconnectGrace,
        @Doc("Rows in a page, if the client does not ask for another number") @Default("10000") int fetchSize,
        @Doc("Settings that every session starts with, such as `spark.sql.shuffle.partitions: 64`") @Default("{}")
                Map<String, String> defaults) {
    public SessionConfig {
        defaults = Map.copyOf(defaults);
        new Checks()
                .notNegative("idle-timeout", idleTimeout)
                .notNegative("disconnect-grace", disconnectGrace)
                .atLeast("fetch-size", 1, fetchSize)
                .done();
    }
}
