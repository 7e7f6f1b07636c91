package io.torii.spark;

import static java.util.Objects.requireNonNull;

/** How an engine ends: the code for the process, and why, for people. Immutable. */
final class EngineEnd {
    static final int WELL = 0;
    static final int FAILED = 1;

    /** A gateway refused the registration. */
    static final int REFUSED = 3;

    /** Spark has ended under the engine. */
    static final int SPARK_GONE = 4;

    private final int code;
    private final String reason;

    EngineEnd(int code, String reason) {
        this.code = code;
        this.reason = requireNonNull(reason, "reason");
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
