package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.AgentFailure;

/** A call that failed for a reason that is known. */
final class AgentException extends Exception {
    private final AgentFailure.Kind kind;

    AgentException(AgentFailure.Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static AgentException refused(String message, Throwable cause) {
        return new AgentException(AgentFailure.Kind.REFUSED, message, cause);
    }

    static AgentException unreachable(String message, Throwable cause) {
        return new AgentException(AgentFailure.Kind.UNREACHABLE, message, cause);
    }

    AgentFailure.Kind kind() {
        return kind;
    }
}
