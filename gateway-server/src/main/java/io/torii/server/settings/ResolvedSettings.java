package io.torii.server.settings;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * What became of the settings that a client sent.
 *
 * @param values under canonical names; what is unknown is left out
 * @param database the initial one; empty for the engine's default
 * @param notes what was left out, and why, for people
 */
public record ResolvedSettings(Map<String, String> values, String database, List<String> notes) {
    public ResolvedSettings {
        values = Map.copyOf(values);
        requireNonNull(database, "database");
        notes = List.copyOf(notes);
    }
}
