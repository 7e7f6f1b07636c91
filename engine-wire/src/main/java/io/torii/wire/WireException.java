package io.torii.wire;

/** A failure of the wire itself: the other side could not be reached, proved nothing, or did not understand. */
public final class WireException extends RuntimeException {
    /** The connection could not be made, or ended before the answer was there. */
    public static final int DISCONNECTED = 0;

    /** The other side did not answer within the time that the call allowed. */
    public static final int TIMED_OUT = 1;

    private final int status;

    public WireException(int status, String message) {
        super(message);
        this.status = status;
    }

    public WireException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** One of {@link WireProtocol}'s statuses, {@link #DISCONNECTED} or {@link #TIMED_OUT}. */
    public int status() {
        return status;
    }
}
