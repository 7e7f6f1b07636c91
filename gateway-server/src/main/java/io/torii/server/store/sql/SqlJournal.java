package io.torii.server.store.sql;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.store.Journal;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Journals as rows. A line that is not needed any more leaves its row, without its text, so that a statement that is told
 * of again stays where it was; the oldest of those rows go too. Whoever adds to a journal holds the session's row.
 */
final class SqlJournal {
    private static final int REMEMBERED = 1_000;

    private SqlJournal() {}

    record Line(long position, String sql) {}

    static List<Line> lines(Handle handle, SessionId id) {
        return handle.createQuery("SELECT position, sql_text FROM session_journal WHERE session_id = :id"
                        + " AND NOT superseded ORDER BY position")
                .bind("id", id.value())
                .map((row, context) -> new Line(row.getLong("position"), row.getString("sql_text")))
                .list();
    }

    /** Returns how many lines were added. */
    static int append(Handle handle, StatementId statement, String sql) {
        SessionId id = statement.session();
        Optional<String> pinned = handle.createQuery("SELECT pinned FROM session WHERE id = :id FOR UPDATE")
                .bind("id", id.value())
                .mapTo(String.class)
                .findOne();
        if (pinned.isEmpty() || isThere(handle, statement)) {
            return 0;
        }
        List<Line> lines = lines(handle, id);
        List<Integer> superfluous =
                Journal.superfluous(lines.stream().map(Line::sql).toList(), sql);
        if (superfluous.isEmpty()
                && Journal.isFull(lines.stream().map(Line::sql).toList())) {
            pin(handle, id, pinned.get());
            return 0;
        }
        if (!superfluous.isEmpty()) {
            drop(
                    handle,
                    id,
                    superfluous.stream().map(lines::get).map(Line::position).toList());
        }
        return handle.createUpdate("INSERT INTO session_journal (session_id, statement_id, sql_text)"
                        + " VALUES (:session, :statement, :sql)")
                .bind("session", id.value())
                .bind("statement", statement.value())
                .bind("sql", sql)
                .execute();
    }

    private static boolean isThere(Handle handle, StatementId statement) {
        return handle.createQuery("SELECT COUNT(*) FROM session_journal WHERE session_id = :session"
                                + " AND statement_id = :statement")
                        .bind("session", statement.session().value())
                        .bind("statement", statement.value())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static void drop(Handle handle, SessionId id, List<Long> positions) {
        handle.createUpdate("UPDATE session_journal SET superseded = TRUE, sql_text = '' WHERE position IN (<dropped>)")
                .bindList("dropped", positions)
                .execute();
        handle.createUpdate("DELETE FROM session_journal WHERE session_id = :id AND superseded AND position <="
                        + " (SELECT position FROM session_journal WHERE session_id = :id AND superseded"
                        + " ORDER BY position DESC OFFSET :remembered ROWS FETCH FIRST 1 ROWS ONLY)")
                .bind("id", id.value())
                .bind("remembered", REMEMBERED)
                .execute();
    }

    private static void pin(Handle handle, SessionId id, String before) {
        if (before.isEmpty()) {
            handle.createUpdate("UPDATE session SET pinned = :reason WHERE id = :id")
                    .bind("id", id.value())
                    .bind("reason", Journal.FULL)
                    .execute();
        }
    }
}
