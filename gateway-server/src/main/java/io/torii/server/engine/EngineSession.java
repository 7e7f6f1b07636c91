package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import java.util.List;
import java.util.Map;

/**
 * A session as its engine needs to know it.
 *
 * @param settings the engine's own settings for this session
 * @param database the initial one; empty for the engine's default
 * @param journal statements to run first, in order: the state that the session had elsewhere
 */
public record EngineSession(
        SessionId id,
        String user,
        int protocolVersion,
        Map<String, String> settings,
        String database,
        List<String> journal) {
    public EngineSession {
        requireNonNull(id, "id");
        requireNonNull(user, "user");
        settings = Map.copyOf(settings);
        requireNonNull(database, "database");
        journal = List.copyOf(journal);
    }
}
