package io.torii.server.store;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Session;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions, their bindings and their journals. Calls return at once; futures fail with STORE_UNAVAILABLE, and what has
 * completed is on disk. A session that is not there is changed by nothing. Thread-safe.
 */
public interface SessionRepository {
    /** Adds a session, unless that would exceed a limit: then fails with TOO_MANY_SESSIONS and says which. */
    CompletableFuture<Void> insert(Session session, SessionLimits limits);

    CompletableFuture<Optional<StoredSession>> find(SessionId id);

    /** Records that the session was used; never moves the time back. */
    CompletableFuture<Void> touch(SessionId id, Instant usedAt);

    /** Binds the session to an engine, or to none; fails with INVALID_HANDLE if the session is not there. */
    CompletableFuture<Void> bind(SessionId id, Optional<LaunchTag> engine);

    /**
     * Binds a session that no gateway has bound yet, that has no journal and no statement that waits, and that has these
     * settings: then nothing has to be read before. False, and nothing is changed, if the session is another one, or is not there.
     */
    CompletableFuture<Boolean> bindNew(SessionId id, Map<String, String> settings, LaunchTag engine);

    /** Statements that changed the session's state, in order: what brings the state back elsewhere. */
    CompletableFuture<List<String>> journal(SessionId id);

    /**
     * Adds a line to the session's journal, once per statement; lines keep the order in which they came. Lines that the new
     * one makes superfluous are dropped, and a session whose journal is full is pinned instead: see {@link Journal}.
     */
    CompletableFuture<Void> appendJournal(StatementId statement, String sql);

    /** Sets one of the session's settings. */
    CompletableFuture<Void> putSetting(SessionId id, String key, String value);

    /** Records what keeps the session on its engine. */
    CompletableFuture<Void> pin(SessionId id, String reason);

    /** Records that gateways hand out rows of statements that other gateways have sent. */
    CompletableFuture<Void> markRoaming(SessionId id);

    /** Whether that was ever recorded of the session. */
    CompletableFuture<Boolean> isRoaming(SessionId id);

    /** Removes the session and all that belongs to it; returns what it was in the end, or empty if it was not there. */
    CompletableFuture<Optional<StoredSession>> delete(SessionId id);

    /** Sessions not used since then, oldest first. */
    CompletableFuture<List<SessionId>> idleSince(Instant usedBefore, int max);

    /** How many sessions there are. */
    CompletableFuture<Long> count();

    /**
     * A session with what has become of it.
     *
     * @param pinned what keeps it on its engine; empty if nothing does
     */
    record StoredSession(Session session, Instant usedAt, Optional<LaunchTag> engine, String pinned) {
        public StoredSession {
            requireNonNull(session, "session");
            requireNonNull(usedAt, "usedAt");
            requireNonNull(engine, "engine");
            requireNonNull(pinned, "pinned");
        }
    }

    /** How many open sessions there may be; 0 is no limit. */
    record SessionLimits(int perUser, int perAddress, int perUserAndAddress, int total) {}
}
