package io.torii.wire;

/** What a gateway answers to an engine's heartbeat. */
public enum HomeCommand {
    NONE,
    /** Take no new sessions; end when the last one has gone. */
    DRAIN,
    /** End now. */
    EXIT,
    /** The gateways do not know this engine (any more): drain and end. */
    UNKNOWN
}
