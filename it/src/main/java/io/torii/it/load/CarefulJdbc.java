package io.torii.it.load;

import io.torii.it.HiveDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Hive's own driver over HTTP: one connection object from beginning to end. */
final class CarefulJdbc extends Careful {
    private static final long LIMIT_NANOS = Duration.ofMinutes(3).toNanos();

    private final HiveDriver driver;
    private final Connection connection;

    CarefulJdbc(HiveDriver driver, String url, String user, Ledger ledger, Signal signal, long seed)
            throws SQLException {
        super(ledger, signal, seed);
        this.driver = driver;
        this.connection = driver.connect(url + ";fetchSize=" + PAGE, user, "x");
    }

    @Override
    void read(int rows) {
        long row = 0;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(range(rows))) {
            while (result.next()) {
                if (result.getLong(1) != row++) {
                    ledger.problem(this + ": row " + result.getLong(1) + " came instead of " + (row - 1));
                    return;
                }
            }
            if (row != rows) {
                ledger.problem(this + ": a result ended after " + row + " of " + rows + " rows");
            }
            ledger.count(DONE);
        } catch (SQLException failure) {
            failed(failure);
        }
    }

    @Override
    void repeat(String sql) {
        for (long limit = System.nanoTime() + LIMIT_NANOS; System.nanoTime() < limit; ) {
            if (once(sql) == Ledger.Told.FINISHED) {
                return;
            }
        }
        ledger.problem(this + ": does not succeed: " + sql);
    }

    @Override
    Ledger.Told once(String sql) {
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            done = true;
            ledger.count("statements accepted");
            return Ledger.Told.FINISHED;
        } catch (SQLException failure) {
            boolean retryable = failed(failure);
            if (done) {
                return Ledger.Told.FINISHED; // what failed is closing the statement
            }
            return retryable ? Ledger.Told.UNKNOWN : Ledger.Told.FAILED;
        }
    }

    @Override
    void end() throws SQLException {
        connection.close();
    }

    /** True if it invites to try again; what does not must not be. */
    private boolean failed(SQLException failure) {
        boolean retryable = isLostOrRetryable(failure);
        if (retryable) {
            ledger.count("exceptions to try again after");
        } else if (enginesDie()) {
            ledger.count("exceptions with SQLSTATE " + failure.getSQLState());
        } else {
            ledger.problem(this + ": " + failure.getSQLState() + " " + failure.getMessage());
        }
        pause();
        return retryable;
    }

    /** Where the driver lost the connection it forgets the SQLSTATE of it now and then. */
    private static boolean isLostOrRetryable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException told && isRetryable(told.getSQLState())) {
                return true;
            }
            if (cause.getClass().getSimpleName().equals("TTransportException")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return driver + " over HTTP";
    }
}
