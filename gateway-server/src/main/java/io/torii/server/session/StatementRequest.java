package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A statement to run.
 *
 * @param overlay settings for this statement alone
 * @param timeout how long it may run; empty for the session's setting
 */
public record StatementRequest(String sql, Map<String, String> overlay, Optional<Duration> timeout) {
    public StatementRequest {
        requireNonNull(sql, "sql");
        overlay = Map.copyOf(overlay);
        requireNonNull(timeout, "timeout");
    }
}
