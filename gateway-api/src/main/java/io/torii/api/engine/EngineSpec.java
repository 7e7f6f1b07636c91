package io.torii.api.engine;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What to launch.
 *
 * @param key who shares it
 * @param user the user it runs as
 * @param requestedBy the user for whose session it is launched: limits count by that
 * @param settings the engine's own settings ({@code spark.…}), already checked against the deny-list
 */
public record EngineSpec(EngineKey key, String user, String requestedBy, Map<String, String> settings) {
    public EngineSpec {
        requireNonNull(key, "key");
        requireNonNull(user, "user");
        requireNonNull(requestedBy, "requestedBy");
        settings = Map.copyOf(settings);
    }

    /** For a session of the user that the engine runs as. */
    public EngineSpec(EngineKey key, String user, Map<String, String> settings) {
        this(key, user, user, settings);
    }
}
