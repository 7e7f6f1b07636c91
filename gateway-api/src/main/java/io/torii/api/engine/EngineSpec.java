package io.torii.api.engine;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What to launch.
 *
 * @param key who shares it
 * @param user the user it runs as
 * @param settings the engine's own settings ({@code spark.…}), already checked against the deny-list
 */
public record EngineSpec(EngineKey key, String user, Map<String, String> settings) {
    public EngineSpec {
        requireNonNull(key, "key");
        requireNonNull(user, "user");
        settings = Map.copyOf(settings);
    }
}
