package io.torii.api.error;

import static java.util.Objects.requireNonNull;

/** The one failure that crosses a seam: a code, one sentence that says what is wrong and what to do, and its cause. */
public final class GatewayException extends RuntimeException {
    private final ErrorCode code;
    private final String sqlState;

    public GatewayException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public GatewayException(ErrorCode code, String message, Throwable cause) {
        this(code, code.sqlState(), message, cause);
    }

    private GatewayException(ErrorCode code, String sqlState, String message, Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.code = requireNonNull(code, "code");
        this.sqlState = requireNonNull(sqlState, "sqlState");
    }

    /** A failure whose engine knows the exact SQLSTATE. */
    public static GatewayException withSqlState(ErrorCode code, String sqlState, String message) {
        return new GatewayException(code, sqlState, message, null);
    }

    public ErrorCode code() {
        return code;
    }

    public String sqlState() {
        return sqlState;
    }
}
