package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Why a statement or a call failed: the engine's own message first. Immutable. */
final class Failure {
    /** Vendor codes, the gateway's numbers for the same failures. */
    static final int FAILED = 1008;

    static final int CANCELLED = 1009;
    static final int TIMED_OUT = 1010;
    static final int WRONG_STATE = 1011;
    static final int ENGINE_LOST = 3004;

    /** "Communication link failure": drivers take the connection for broken. */
    static final String CONNECTION_LOST = "08S01";

    private final String sqlState;
    private final int code;
    private final String message;
    private final List<String> details;

    Failure(String sqlState, int code, String message, List<String> details) {
        this.sqlState = requireNonNull(sqlState, "sqlState");
        this.code = code;
        this.message = requireNonNull(message, "message");
        this.details = Collections.unmodifiableList(new ArrayList<>(details));
    }

    static Failure cancelled() {
        return new Failure("HY008", CANCELLED, "The statement was cancelled", Collections.emptyList());
    }

    static Failure timedOut(long seconds) {
        String limit = seconds == 1 ? "1 second" : seconds + " seconds";
        return new Failure("HYT00", TIMED_OUT, "The statement did not finish within " + limit, Collections.emptyList());
    }

    static Failure engineEnded() {
        return new Failure(
                CONNECTION_LOST,
                ENGINE_LOST,
                "The engine has ended before the statement; what it did until then may be done",
                Collections.emptyList());
    }

    static Failure sessionClosed() {
        return new Failure(
                CONNECTION_LOST,
                ENGINE_LOST,
                "The session was closed before the statement had ended; what it did until then may be done",
                Collections.emptyList());
    }

    static Failure wrongState(String message) {
        return new Failure("HY010", WRONG_STATE, message, Collections.emptyList());
    }

    String sqlState() {
        return sqlState;
    }

    int code() {
        return code;
    }

    String message() {
        return message;
    }

    /** Causes and where they arose, outermost first; never starts with Hive's own mark for a structured trace. */
    List<String> details() {
        return details;
    }
}
