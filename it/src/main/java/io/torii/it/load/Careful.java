package io.torii.it.load;

import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A client that does the right thing whatever it is told: asks again where that is safe, begins again where it is not, and
 * knows what it does not know. Its thread alone uses it.
 */
abstract class Careful implements Runnable {
    /** Rows of a read; more than some pages. */
    private static final int MOST_ROWS = 2_500;

    /** The count of results that were read to the end. */
    static final String DONE = "results read to the end";

    static final int PAGE = 200;
    private static final int ROUNDS_PER_WRITE = 3;
    private static final long PAUSE_MILLIS = 200;

    final Ledger ledger;
    private final Signal signal;
    private final Random random;

    /** When to stop; also tells what may happen besides the deaths of gateways. */
    interface Signal {
        boolean isOver();

        /** Whether a statement may fail because its engine died. */
        boolean enginesDie();
    }

    Careful(Ledger ledger, Signal signal, long seed) {
        this.ledger = ledger;
        this.signal = signal;
        this.random = new Random(seed);
    }

    @Override
    public final void run() {
        try {
            while (!signal.isOver()) {
                if (random.nextInt(ROUNDS_PER_WRITE) == 0) {
                    write();
                } else {
                    read(1 + random.nextInt(MOST_ROWS));
                }
            }
            end();
        } catch (Exception failure) {
            ledger.problem(this + " gave up: " + failure);
        }
    }

    /** Runs a read with a known answer and reads it to the end, if it may fail by being begun again. */
    abstract void read(int rows) throws Exception;

    /** Runs what may run any number of times, until it has succeeded. */
    abstract void repeat(String sql) throws Exception;

    /** Runs what must not run twice. */
    abstract Ledger.Told once(String sql) throws Exception;

    /** Ends the session. */
    abstract void end() throws Exception;

    boolean enginesDie() {
        return signal.enginesDie();
    }

    /** What reads run: numbers from 0. */
    static String range(int rows) {
        return "SELECT id, repeat('x', 100) FROM range(0, " + rows + ", 1, 2)";
    }

    /** Whether a client is invited to try again. */
    static boolean isRetryable(String sqlState) {
        return sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("40"));
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private void write() throws Exception {
        String name = "w" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
        repeat("CREATE TABLE IF NOT EXISTS " + name + " (token STRING) USING csv LOCATION '"
                + ledger.directoryOf(name).toUri() + "'");
        ledger.wrote(name, once("INSERT INTO " + name + " SELECT '" + name + "'"));
        repeat("DROP TABLE IF EXISTS " + name);
    }
}
