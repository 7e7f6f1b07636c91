package io.torii.spark.result;

/** A result that cannot be computed, kept or read; carries the SQLSTATE for the client. */
public final class ResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    public ResultException(String sqlState, String message, Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
    }

    public ResultException(String sqlState, String message) {
        this(sqlState, message, null);
    }

    public String sqlState() {
        return sqlState;
    }
}
