package io.torii.beeline;

import java.sql.SQLException;
import java.sql.Statement;

/** What Ctrl-C means: it cancels a statement once; without one, or once more, it leaves. Thread-safe. */
public final class Interrupts {
    /** LEAVE says goodbye to the server; NOW does not wait for it. */
    public enum Meaning {
        CANCEL,
        LEAVE,
        LEAVE_NOW
    }

    private Statement statement;
    private Statement cancelled;
    private boolean leaving;

    /** From now on this statement is what Ctrl-C cancels, until it is closed. */
    public synchronized void running(Statement next) {
        statement = next;
    }

    public synchronized Meaning next() {
        if (leaving) {
            return Meaning.LEAVE_NOW;
        }
        if (statement != null && statement != cancelled && isOpen(statement)) {
            cancelled = statement;
            return Meaning.CANCEL;
        }
        leaving = true;
        return Meaning.LEAVE;
    }

    /** Cancels the statement for which {@link #next} said CANCEL; waits for the server's answer. */
    public void cancel() throws SQLException {
        Statement doomed;
        synchronized (this) {
            doomed = cancelled;
        }
        doomed.cancel();
    }

    private static boolean isOpen(Statement statement) {
        try {
            return !statement.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }
}
