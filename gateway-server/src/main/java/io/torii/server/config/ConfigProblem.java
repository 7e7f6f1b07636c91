package io.torii.server.config;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where file and line, environment variable or flag; empty if it is nowhere
 * @param key its path, such as {@code thrift.port}; empty for the file as a whole
 * @param message a sentence without a full stop
 */
public record ConfigProblem(String where, String key, String message) {
    public ConfigProblem {
        requireNonNull(where, "where");
        requireNonNull(key, "key");
        requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return (where.isEmpty() ? "" : where + ": ") + (key.isEmpty() ? "" : key + " ") + message;
    }
}
