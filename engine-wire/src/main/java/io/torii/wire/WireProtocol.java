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

    /**
     * Milliseconds for which a GetOperationStatus may wait for a change of state, and a submission for the statement's end: if
     * that comes in time, the answer to the submission is in {@link #PARTS}.
     */
    public static final String WAIT_MILLIS = "torii-wait-millis";

    /**
     * On the answer to a submission whose statement has ended: the lengths, in bytes and separated by commas, of the structs
     * that make up the body: the submission's own answer, that to a GetOperationStatus and, where the statement has columns,
     * that to a GetResultSetMetadata.
     */
    public static final String PARTS = "torii-parts";

    /**
     * The gateway process that asks for a page, by a name that it alone has: the engine keeps who was given the last one, and
     * answers {@link #PAGE_IN_DOUBT} instead of the next until that gateway has said PageDelivered. On an ExecuteStatement, the
     * one that knows whether the client gets the statement's handle: until it has said HandleDelivered, or a call shows that
     * the client has the handle, the same text and settings from another gateway are that statement again.
     */
    public static final String GATEWAY = "torii-gateway";

    /** On an ExecuteStatement, {@link #HANDLE_ARRIVED} if the client has the statement's handle already. */
    public static final String HANDLE = "torii-handle";

    public static final String HANDLE_ARRIVED = "arrived";

    /** The row, from 0, at which a page begins. A FetchResults that names it reads ahead: the cursor stays where it is. */
    public static final String ROW = "torii-row";

    /** How many rows a page has. */
    public static final String ROWS = "torii-rows";

    /** On the answer to a FetchResults: present if rows may follow. */
    public static final String MORE = "torii-more";

    /**
     * With the end of any statement: the statements that changed the state of its session (SET, USE, temporary views and
     * functions, ADD JAR ...) and of which no gateway has said that the session's journal has them, in order:
     * {@code <id>:<text in percent-encoded UTF-8>}, separated by commas. The receiver records each once per id and then says
     * JournalStored, with the ids alone in this header. At most {@link #MAX_HEADER_LENGTH} characters; the rest comes with
     * later ends, and what a statement did that is longer by itself is {@link #PINNED}.
     */
    public static final String JOURNAL = "torii-journal";

    /**
     * With the end of any statement of a session that has state which no journal can bring back (a cached table, Scala or
     * Python state): one word that says what. Such a session is bound to its engine.
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

    /** The session is open, but without the journal that it is to have: whoever opened it knew less of it. */
    public static final int OPEN_WITHOUT_JOURNAL = 409;

    /** It is not known whether the last page of rows has reached the client: nobody can say which is the next. */
    public static final int PAGE_IN_DOUBT = 412;

    public static final int TOO_LARGE = 413;

    /** The cursor is not where the caller believes it to be. */
    public static final int CURSOR_ELSEWHERE = 414;

    /** The two sides have no version in common. */
    public static final int VERSION_MISMATCH = 426;

    public static final int INTERNAL_ERROR = 500;

    /** The engine takes no new sessions: it is about to end. */
    public static final int DRAINING = 503;

    private WireProtocol() {}
}
