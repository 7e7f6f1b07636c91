package io.torii.engine.yarn.message;

/** Why a call failed, in one sentence. */
public record AgentFailure(Kind kind, String message) {
    /** What the failure means for the caller. */
    public enum Kind {
        /** Refused: nothing has happened. */
        REFUSED,
        /** The cluster does not answer: nothing has happened. */
        UNREACHABLE,
        /** It may have happened or not. */
        UNKNOWN
    }
}
