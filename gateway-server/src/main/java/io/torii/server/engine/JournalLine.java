package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** A statement that changed its session's state, for the journal, and its id within the session. */
public record JournalLine(UUID statement, String sql) {
    public JournalLine {
        requireNonNull(statement, "statement");
        requireNonNull(sql, "sql");
    }
}
