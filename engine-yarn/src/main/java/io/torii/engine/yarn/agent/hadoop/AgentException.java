package io.torii.engine.yarn.agent.hadoop;

import io.torii.engine.yarn.message.AgentFailure;

/** A call that failed for a reason that is known. */
public final class AgentException extends Exception {
    private final AgentFailure.Kind kind;

    public AgentException(AgentFailure.Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static AgentException refused(String message, Throwable cause) {
        return new AgentException(AgentFailure.Kind.REFUSED, message, cause);
    }

    public static AgentException unreachable(String message, Throwable cause) {
        return new AgentException(AgentFailure.Kind.UNREACHABLE, message, cause);
    }

    public AgentFailure.Kind kind() {
        return kind;
    }
}
