package io.torii.server.audit;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import io.torii.server.session.SessionRequest;
import io.torii.server.session.Sessions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions that ask what has become of their statements before they are closed. That they have ended, however that came,
 * the trail hears from elsewhere. Thread-safe.
 */
public final class AuditedSessions implements Sessions {
    private static final int ASKED_FOR = 100;

    private final Sessions sessions;
    private final AuditedStatements statements;
    private final AuditTrail trail;

    public AuditedSessions(Sessions sessions, AuditedStatements statements, AuditTrail trail) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.statements = requireNonNull(statements, "statements");
        this.trail = requireNonNull(trail, "trail");
    }

    @Override
    public CompletableFuture<Session> open(SessionRequest request) {
        return sessions.open(request);
    }

    @Override
    public CompletableFuture<Session> require(SessionId id, Caller caller) {
        return sessions.require(id, caller);
    }

    @Override
    public CompletableFuture<Void> close(SessionId id, Caller caller) {
        List<Trace> unknown = trail.notKnownToHaveEnded(id);
        return unknown.isEmpty()
                ? sessions.close(id, caller)
                : statements
                        .lastLook(unknown.subList(0, Math.min(unknown.size(), ASKED_FOR)), caller)
                        .thenCompose(looked -> sessions.close(id, caller));
    }

    @Override
    public void connectionLost(SessionId id) {
        sessions.connectionLost(id);
    }
}
