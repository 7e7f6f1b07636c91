package io.torii.server.store.sql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database can be reached. It cannot once somebody has waited for a connection in vain, until it answers: what
 * is asked meanwhile need not wait, too. Thread-safe.
 */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);

    private final AtomicBoolean away = new AtomicBoolean();

    boolean isAway() {
        return away.get();
    }

    /** The database has answered, if only with an error. */
    void answered() {
        if (away.compareAndSet(true, false)) {
            log.info("the store can be reached again");
        }
    }

    /** Hears of a transaction that failed; true if the database is found to be away now, and somebody has to try on. */
    boolean begins(JdbiException failure) {
        if (!isOfConnection(failure)) {
            answered();
            return false;
        }
        if (!isInVain(failure) || !away.compareAndSet(false, true)) {
            return false;
        }
        log.warn("the store cannot be reached; until it can be, what needs it is refused at once");
        return true;
    }

    private static boolean isOfConnection(JdbiException failure) {
        if (failure instanceof ConnectionException) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException problem
                    && String.valueOf(problem.getSQLState()).startsWith("08")) {
                return true;
            }
        }
        return false;
    }

    /** What the pool says; a connection that broke says nothing about the next one. */
    private static boolean isInVain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
        }
        return false;
    }
}
