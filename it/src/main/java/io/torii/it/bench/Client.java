package io.torii.it.bench;

/** One way to an engine, as the probes use it. One thread at a time. */
interface Client extends AutoCloseable {
    String name();

    void open() throws Exception;

    /** Runs the statement, asks until it has ended, and reads its result to the end; returns how many rows that were. */
    long query(String sql, int fetchSize) throws Exception;

    void closeSession() throws Exception;

    @Override
    void close() throws Exception;
}
