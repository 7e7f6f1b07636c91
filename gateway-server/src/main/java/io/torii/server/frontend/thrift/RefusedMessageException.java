package io.torii.server.frontend.thrift;

/** A message that is not taken; the text is for its sender. */
public final class RefusedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        MALFORMED,
        TOO_LARGE,

        /** For now: too much of others' is held. */
        NO_ROOM
    }

    private final Reason reason;

    RefusedMessageException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
