package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import java.time.Instant;
import java.util.Map;

/**
 * One user's conversation, as the store has it.
 *
 * @param settings aliases resolved, what is denied or unknown left out
 * @param database the initial one; empty for the engine's default
 */
public record Session(
        SessionId id,
        String user,
        String address,
        int protocolVersion,
        Map<String, String> settings,
        String database,
        String frontend,
        Instant openedAt) {
    public Session {
        requireNonNull(id, "id");
        requireNonNull(user, "user");
        requireNonNull(address, "address");
        settings = Map.copyOf(settings);
        requireNonNull(database, "database");
        requireNonNull(frontend, "frontend");
        requireNonNull(openedAt, "openedAt");
    }
}
