package io.torii.spark.result;

/**
 * What a statement yields: its columns and its rows in encoded pages, with one cursor. Rows stay readable, also again
 * from the first, until it is closed. Thread-safe.
 */
public interface ResultSet extends AutoCloseable {
    /** The columns as an encoded TGetResultSetMetadataResp for the session's protocol version. */
    byte[] schema();

    /**
     * The rows at the cursor, and moves the cursor; no rows means the end. Waits for rows that are still being computed and
     * may read from disk, so never call it on an event loop unless {@link #isAtHand}.
     *
     * @param maxRows upper bound of rows; a page may hold fewer, but none only at the end
     * @throws ResultException if the rows could not be computed or kept, or the result is closed
     */
    ResultPage fetch(Orientation orientation, long maxRows);

    /** As {@link #fetch}, but from this row on, and the cursor stays where it is. */
    ResultPage readAhead(long start, long maxRows);

    /** What a fetch waits for: once it is there, or has been hurried and is there, the fetch does not wait for rows. */
    Arrival arrival(Orientation orientation, long maxRows);

    /** What a {@link #readAhead} waits for. */
    Arrival arrival(long start, long maxRows);

    /** Moves the cursor past rows that were read ahead; false, and no change, if it is not at their first one, or no row can be read any more. */
    boolean skip(long start, long rows);

    /** Whether all rows lie in memory and are few: then a fetch takes no time. */
    boolean isAtHand();

    /**
     * Waits until all rows are stored, however long that takes; an interrupt ends the wait with a CancellationException.
     * Throws what computing them threw.
     */
    void awaitEnd();

    /** Whether a computation still runs. */
    boolean isArriving();

    /** Stops a computation that still runs: from now on its rows cannot be fetched, and this is why. */
    void stop(Throwable why);

    /** Rows that are stored so far. */
    long rows();

    /** Frees memory and files and stops a computation that still runs. Idempotent. */
    @Override
    void close();
}
