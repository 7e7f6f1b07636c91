package io.torii.server.store;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Statements that could not be dispatched at once, or never were: rows that another gateway can take over. A statement
 * that its engine has accepted has no row. Calls return at once; futures fail with STORE_UNAVAILABLE. Thread-safe.
 */
public interface StatementRepository {
    /** Adds a waiting statement, leased to this gateway; the lease runs by the store's clock. */
    CompletableFuture<Void> insert(StatementId id, StatementRequest request, String gateway, Duration lease);

    CompletableFuture<Optional<StoredStatement>> find(StatementId id);

    /** Leases those of the statements that wait, and that this gateway has, from now on; for no time gives them back. */
    CompletableFuture<Void> renewLeases(String gateway, Collection<StatementId> held, Duration lease);

    /** Ends a waiting statement; it stays, for whoever asks, until it is deleted. */
    CompletableFuture<Void> finish(StatementId id, StatementState state, Optional<StatementFailure> failure);

    /** Removes it: its engine has it now, or it was closed. */
    CompletableFuture<Void> delete(StatementId id);

    /** Takes over waiting statements whose lease has lapsed. */
    CompletableFuture<List<StoredStatement>> takeOver(String gateway, Duration lease, int max);

    /** The session's waiting statements of this text with these settings. */
    CompletableFuture<List<StatementId>> waitingLike(SessionId session, StatementRequest request);

    /** A statement that waits, or ended before any engine had it. */
    record StoredStatement(
            StatementId id,
            StatementRequest request,
            String gateway,
            StatementState state,
            Optional<StatementFailure> failure,
            Instant submittedAt) {
        public StoredStatement {
            requireNonNull(id, "id");
            requireNonNull(request, "request");
            requireNonNull(state, "state");
        }
    }
}
