package io.torii.api.error;

import static io.torii.api.error.Fault.CLUSTER;
import static io.torii.api.error.Fault.GATEWAY;
import static io.torii.api.error.Fault.LIMIT;
import static io.torii.api.error.Fault.USER;

/**
 * Every failure that Torii itself reports. The SQLSTATE is what JDBC clients act on: class 08 and 40 invite a retry.
 * The number is the vendor code that drivers show, stable for ever.
 */
public enum ErrorCode {
    INVALID_REQUEST(1001, USER, "HY000"),
    INVALID_HANDLE(1002, USER, "HY000"),
    AUTHENTICATION_FAILED(1003, USER, "28000"),
    NOT_THE_OWNER(1004, USER, "42501"),
    SETTING_DENIED(1005, USER, "42501"),
    SETTING_INVALID(1006, USER, "22023"),
    NOT_SUPPORTED(1007, USER, "0A000"),
    STATEMENT_FAILED(1008, USER, "HY000"),
    STATEMENT_CANCELLED(1009, USER, "HY008"),
    STATEMENT_TIMED_OUT(1010, USER, "HYT00"),
    STATEMENT_STATE(1011, USER, "HY010"),
    MESSAGE_TOO_LARGE(1012, USER, "54000"),

    TOO_MANY_SESSIONS(2001, LIMIT, "08004"),
    TOO_MANY_STATEMENTS(2002, LIMIT, "53300"),
    TOO_MANY_ENGINES(2003, LIMIT, "53300"),
    RESULT_TOO_LARGE(2004, LIMIT, "53400"),
    TOO_MANY_READERS(2005, LIMIT, "53200"),

    PLACEMENT_REFUSED(3001, CLUSTER, "57000"),
    ENGINE_LAUNCH_FAILED(3002, CLUSTER, "08001"),
    ENGINE_LAUNCH_UNKNOWN(3003, CLUSTER, "08001"),
    ENGINE_LOST(3004, CLUSTER, "08S01"),
    ENGINE_UNREACHABLE(3005, CLUSTER, "08S01"),
    CLUSTER_UNAVAILABLE(3006, CLUSTER, "08001"),

    STORE_UNAVAILABLE(4001, GATEWAY, "08004"),
    SHUTTING_DOWN(4002, GATEWAY, "08004"),
    INTERNAL(4003, GATEWAY, "XX000"),
    AUTHENTICATION_UNAVAILABLE(4004, GATEWAY, "08004"),
    ANSWER_IN_DOUBT(4005, GATEWAY, "08S01");

    private final int number;
    private final Fault fault;
    private final String sqlState;

    ErrorCode(int number, Fault fault, String sqlState) {
        this.number = number;
        this.fault = fault;
        this.sqlState = sqlState;
    }

    public int number() {
        return number;
    }

    public Fault fault() {
        return fault;
    }

    /** Five characters, as ISO 9075 and the X/Open CLI have them. */
    public String sqlState() {
        return sqlState;
    }
}
