package io.torii.wire;

/** Names and numbers that both sides must agree on. */
public final class WireProtocol {
    /** The highest version that this code speaks. */
    public static final int VERSION = 1;

    /** The lowest version that this code still speaks. */
    public static final int OLDEST_VERSION = 1;

    public static final String PATH_PREFIX = "/v1/";

    public static final String SESSION = "torii-session";
    public static final String STATEMENT = "torii-statement";

    /** The session's user, percent-encoded UTF-8. */
    public static final String USER = "torii-user";

    /** Milliseconds for which a GetOperationStatus may wait for a change of state. */
    public static final String WAIT_MILLIS = "torii-wait-millis";

    /**
     * On the answer to a GetOperationStatus whose statement has ended and changed the state of its session (SET, USE,
     * temporary views and functions, ADD JAR ...): its text, percent-encoded UTF-8, for the session's journal. Sent with
     * each such answer; the receiver records it once per statement id. At most {@link #MAX_HEADER_LENGTH} characters once
     * encoded: what a longer statement did is {@link #PINNED}.
     */
    public static final String JOURNAL = "torii-journal";

    /**
     * On the answer to a GetOperationStatus whose statement leaves state in its session that no journal can bring back
     * (a cached table, Scala or Python state): one word that says what. Such a session is bound to its engine.
     */
    public static final String PINNED = "torii-pinned";

    /** The longest value of a header. */
    public static final int MAX_HEADER_LENGTH = 256 * 1024;

    /** Both sides of the handshake, before anything else: methods of their own. */
    public static final String HELLO = "Hello";

    public static final String PROVE = "Prove";

    public static final int OK = 200;
    public static final int BAD_REQUEST = 400;
    public static final int UNAUTHENTICATED = 401;

    /** No such method. */
    public static final int NOT_FOUND = 404;

    /** The engine does not have this session: it was never opened there, has expired, or the engine is a new one. */
    public static final int NO_SUCH_SESSION = 410;

    /** The engine has the session but not this statement. */
    public static final int NO_SUCH_STATEMENT = 411;

    public static final int TOO_LARGE = 413;

    /** The two sides have no version in common. */
    public static final int VERSION_MISMATCH = 426;

    public static final int INTERNAL_ERROR = 500;

    /** The engine takes no new sessions: it is about to end. */
    public static final int DRAINING = 503;

    private WireProtocol() {}
}
