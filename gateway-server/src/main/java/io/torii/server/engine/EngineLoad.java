package io.torii.server.engine;

/**
 * How busy an engine is.
 *
 * @param draining whether it takes no new sessions any more
 */
public record EngineLoad(boolean draining, int sessions, int statements) {
    public EngineLoad {
        if (sessions < 0 || statements < 0) {
            throw new IllegalArgumentException("engine load below zero: " + sessions + ", " + statements);
        }
    }
}
