package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import java.time.Instant;
import java.util.Map;

/**
 * One user's conversation, as the store has it.
 *
 * @param user whose it is: the engine, the limits and the rights are theirs
 * @param login who has opened it and alone may use it; the user, unless somebody acts for them
 * @param settings aliases resolved, what is denied or unknown left out
 * @param database the initial one; empty for the engine's default
 */
public record Session(
        SessionId id,
        String user,
        String login,
        String address,
        int protocolVersion,
        Map<String, String> settings,
        String database,
        String frontend,
        Instant openedAt) {
    public Session {
        requireNonNull(id, "id");
        requireNonNull(user, "user");
        requireNonNull(login, "login");
        requireNonNull(address, "address");
        settings = Map.copyOf(settings);
        requireNonNull(database, "database");
        requireNonNull(frontend, "frontend");
        requireNonNull(openedAt, "openedAt");
    }

    /** For a user who has logged in. */
    public Session(
            SessionId id,
            String user,
            String address,
            int protocolVersion,
            Map<String, String> settings,
            String database,
            String frontend,
            Instant openedAt) {
        this(id, user, user, address, protocolVersion, settings, database, frontend, openedAt);
    }

    /** Whether somebody acts for its user. */
    public boolean isForAnother() {
        return !login.equals(user);
    }
}
