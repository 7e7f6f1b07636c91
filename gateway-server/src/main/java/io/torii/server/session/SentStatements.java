package io.torii.server.session;

import io.torii.api.engine.LaunchTag;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this gateway has sent to engines and no client has had a row of: what is needed to run it once more. Bounded: what
 * was sent first is forgotten first, and then does not run again. Thread-safe.
 */
public final class SentStatements {
    private static final int OVERHEAD = 512;

    private final long mostBytes;
    private final Map<StatementId, Sent> statements = new LinkedHashMap<>(64);
    private long bytes;

    /** @param mostBytes of statements' texts, and half a kilobyte for each */
    public SentStatements(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * @param engine the last one that got it
     * @param runs how many engines have got it
     * @param told that it has finished, if a client may know
     */
    record Sent(Work work, Instant submittedAt, LaunchTag engine, int runs, Optional<StatementStatus> told) {
        private long size() {
            return OVERHEAD
                    + (work instanceof Work.Sql sql ? 2L * sql.request().sql().length() : 0);
        }
    }

    synchronized Optional<Sent> find(StatementId id) {
        return Optional.ofNullable(statements.get(id));
    }

    /** How many engines have got it; 0 if that is not known. */
    synchronized int runs(StatementId id) {
        Sent known = statements.get(id);
        return known == null ? 0 : known.runs();
    }

    /** An engine gets it. */
    synchronized void sending(StatementId id, Work work, Instant submittedAt, LaunchTag engine) {
        if (work instanceof Work.Done) {
            return;
        }
        Sent known = statements.get(id);
        if (known == null) {
            put(id, new Sent(work, submittedAt, engine, 1, Optional.empty()));
        } else if (!known.engine().equals(engine)) {
            put(id, new Sent(work, known.submittedAt(), engine, known.runs() + 1, Optional.empty()));
        }
    }

    /** A client hears of this state: one that has ended without rows need not run again. */
    synchronized void told(StatementId id, StatementStatus status) {
        if (!status.state().isTerminal()) {
            return;
        }
        Sent known = statements.get(id);
        if (known != null && status.state() == StatementState.FINISHED && status.hasResultSet()) {
            put(id, new Sent(known.work(), known.submittedAt(), known.engine(), known.runs(), Optional.of(status)));
        } else {
            forget(id);
        }
    }

    /** It has been closed, or rows of it have been handed out: it never runs again. */
    synchronized void forget(StatementId id) {
        Sent known = statements.remove(id);
        if (known != null) {
            bytes -= known.size();
        }
    }

    private void put(StatementId id, Sent sent) {
        Sent before = statements.put(id, sent);
        bytes += sent.size() - (before == null ? 0 : before.size());
        Iterator<Sent> eldest = statements.values().iterator();
        while (bytes > mostBytes) {
            bytes -= eldest.next().size();
            eldest.remove();
        }
    }
}
