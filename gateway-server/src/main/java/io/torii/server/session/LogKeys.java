package io.torii.server.session;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import org.slf4j.spi.LoggingEventBuilder;

/** Ids as keys of a line in the log: a line about a statement names its session, too. */
final class LogKeys {
    private LogKeys() {}

    static LoggingEventBuilder about(LoggingEventBuilder line, StatementId id) {
        return about(line, id.session()).addKeyValue("statement", id);
    }

    static LoggingEventBuilder about(LoggingEventBuilder line, SessionId id) {
        return line.addKeyValue("session", id);
    }

    /** @param id of a session or a statement, or anything else that tells one line from another */
    static LoggingEventBuilder about(LoggingEventBuilder line, Object id) {
        if (id instanceof StatementId statement) {
            return about(line, statement);
        }
        return id instanceof SessionId session ? about(line, session) : line.addKeyValue("id", id);
    }
}
