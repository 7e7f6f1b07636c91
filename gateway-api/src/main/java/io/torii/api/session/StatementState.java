package io.torii.api.session;

/** Where a statement is. */
public enum StatementState {
    /** It waits: for an engine, or for its turn there. */
    PENDING,
    RUNNING,
    FINISHED,
    CANCELED,
    TIMED_OUT,
    FAILED,
    CLOSED;

    public boolean isTerminal() {
        return this != PENDING && this != RUNNING;
    }

    /** The legal moves: forward only, and from every end to closed. */
    public boolean canBecome(StatementState next) {
        return switch (this) {
            case PENDING -> next != PENDING;
            case RUNNING -> next != PENDING && next != RUNNING;
            case FINISHED, CANCELED, TIMED_OUT, FAILED -> next == CLOSED;
            case CLOSED -> false;
        };
    }
}
