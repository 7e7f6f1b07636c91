package io.torii.it.bench;

import io.torii.it.HiveDriver;
import java.util.List;
import java.util.Optional;

/** A server of Hive's protocol with Spark behind it. Used by one thread at a time; {@link #close} may come from another. */
interface Opponent extends AutoCloseable {
    String USER = "bench";
    HiveDriver DRIVER = HiveDriver.of("3.1.3");

    /**
     * From the wish to the first row.
     *
     * @param coldSeconds with no engine running
     * @param warmSeconds of the next session of the same user, whose engine runs now; empty if no engine starts on demand
     */
    record FirstRow(double coldSeconds, Optional<Double> warmSeconds) {}

    String name();

    /** Starts it and waits until it has answered a query; fails with the path of its log. */
    void start() throws Exception;

    /** For Hive's driver, once it has started. */
    String url();

    /** The server, then its engines if they are processes of their own. */
    List<ProcessHandle> processes();

    /** Waits for a first row from nothing running; what this starts ends with the call. */
    FirstRow firstRow(int turn) throws Exception;

    /** Ends all that it has started; a second call does nothing. */
    @Override
    void close();

    default JdbcClient client(String user) {
        return new JdbcClient(DRIVER, url(), user);
    }

    /** Opens a session, asks, closes it; the seconds until the row is there. */
    static double secondsToRow(JdbcClient client) throws Exception {
        long start = System.nanoTime();
        client.open();
        client.query(Probe.SELECT_1, 1);
        double seconds = (System.nanoTime() - start) / 1e9;
        client.closeSession();
        return seconds;
    }
}
