package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.server.store.SessionRepository.SessionLimits;
import java.time.Duration;

/**
 * How many sessions there may be, and for how long. Immutable.
 *
 * @param idleTimeout how long a session may be unused
 * @param disconnectGrace how long a session outlives a connection that ended without closing it
 */
public record SessionBounds(SessionLimits limits, TimeLimit idleTimeout, Duration disconnectGrace) {
    public SessionBounds {
        requireNonNull(limits, "limits");
        requireNonNull(idleTimeout, "idleTimeout");
        requireNonNull(disconnectGrace, "disconnectGrace");
    }
}
