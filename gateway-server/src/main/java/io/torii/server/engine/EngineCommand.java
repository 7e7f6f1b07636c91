package io.torii.server.engine;

/** What a gateway asks of an engine, in answer to its heartbeat. */
public enum EngineCommand {
    NONE,
    /** Take no new sessions; end when the last one has gone. */
    DRAIN,
    /** End now. */
    EXIT
}
