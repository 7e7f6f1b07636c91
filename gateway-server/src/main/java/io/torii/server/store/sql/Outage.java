package io.torii.server.store.sql;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database can be reached. While it cannot, one transaction after the other tries, and all others are refused
 * at once instead of waiting in line for what does not come; the first answer ends it. Thread-safe.
 */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);

    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicBoolean trying = new AtomicBoolean();

    /** Whether a transaction may be tried now; whoever may says later what came of it. */
    boolean admits() {
        return !away.get() || trying.compareAndSet(false, true);
    }

    /** The database has answered, if only with an error. */
    void answered() {
        if (away.compareAndSet(true, false)) {
            log.info("the store can be reached again");
        }
        trying.set(false);
    }

    /** Says what came of it if there was no answer. No connection in time is an outage; one that broke says nothing. */
    void unanswered(Throwable failure) {
        if (isUnreachable(failure) && away.compareAndSet(false, true)) {
            log.warn("the store cannot be reached; until it can be, what needs it is refused at once");
        }
        trying.set(false);
    }

    /** It has not been tried. */
    void skipped() {
        trying.set(false);
    }

    private static boolean isUnreachable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
        }
        return false;
    }
}
