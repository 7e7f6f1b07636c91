package io.torii.server.store;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.StatementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A {@link StatementRepository} in memory; its leases run by the test's clock. Thread-safe. */
public final class FakeStatementRepository implements StatementRepository {
    private final Clock clock;
    private final Map<StatementId, StoredStatement> rows = new LinkedHashMap<>();
    private final Map<StatementId, Instant> leases = new LinkedHashMap<>();
    private int writes;
    private boolean available = true;
    private boolean endsCanBeRecorded = true;
    private CompletableFuture<Void> takeOversMayEnd = completedFuture(null);
    private int takeOvers;

    public FakeStatementRepository(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized CompletableFuture<Void> insert(
            StatementId id, StatementRequest request, String gateway, Duration lease) {
        writes++;
        rows.put(
                id,
                new StoredStatement(id, request, gateway, StatementState.PENDING, Optional.empty(), clock.instant()));
        leases.put(id, clock.instant().plus(lease));
        return completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<Optional<StoredStatement>> find(StatementId id) {
        return completedFuture(row(id));
    }

    @Override
    public synchronized CompletableFuture<Void> renewLeases(
            String gateway, Collection<StatementId> held, Duration lease) {
        if (!available) {
            return unavailable();
        }
        rows.values().stream()
                .filter(row -> row.gateway().equals(gateway) && held.contains(row.id()))
                .forEach(row -> leases.put(row.id(), clock.instant().plus(lease)));
        return completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<Void> finish(
            StatementId id, StatementState state, Optional<StatementFailure> failure) {
        if (!available || !endsCanBeRecorded) {
            return unavailable();
        }
        writes++;
        rows.computeIfPresent(
                id,
                (same, row) -> row.state() == StatementState.PENDING
                        ? new StoredStatement(id, row.request(), row.gateway(), state, failure, row.submittedAt())
                        : row);
        return completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<Void> delete(StatementId id) {
        if (!available) {
            return unavailable();
        }
        writes++;
        rows.remove(id);
        leases.remove(id);
        return completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<List<StoredStatement>> takeOver(String gateway, Duration lease, int max) {
        if (!available) {
            return unavailable();
        }
        takeOvers++;
        List<StoredStatement> taken = new ArrayList<>();
        for (StoredStatement row : List.copyOf(rows.values())) {
            boolean lapsed = !leases.get(row.id()).isAfter(clock.instant());
            if (lapsed && row.state() == StatementState.PENDING && taken.size() < max) {
                taken.add(row);
                rows.put(
                        row.id(),
                        new StoredStatement(
                                row.id(), row.request(), gateway, row.state(), row.failure(), row.submittedAt()));
                leases.put(row.id(), clock.instant().plus(lease));
            }
        }
        return takeOversMayEnd.thenApply(free -> taken);
    }

    @Override
    public synchronized CompletableFuture<List<StatementId>> waitingLike(SessionId session, StatementRequest request) {
        return completedFuture(rows.values().stream()
                .filter(row -> row.id().session().equals(session)
                        && row.state() == StatementState.PENDING
                        && row.request().sql().equals(request.sql())
                        && row.request().overlay().equals(request.overlay()))
                .map(StoredStatement::id)
                .toList());
    }

    /** Who takes over from now on hears of it once this is completed. */
    public synchronized CompletableFuture<Void> holdTakeOvers() {
        takeOversMayEnd = new CompletableFuture<>();
        return takeOversMayEnd;
    }

    /** How often somebody has tried to take over. */
    public synchronized int takeOvers() {
        return takeOvers;
    }

    /** From now on nothing can be changed. */
    public synchronized void becomesUnavailable() {
        available = false;
    }

    /** From now on nothing can be said of how a statement ended. */
    public synchronized void endsCannotBeRecorded() {
        endsCanBeRecorded = false;
    }

    public synchronized void becomesAvailable() {
        available = true;
        endsCanBeRecorded = true;
    }

    public synchronized Optional<StoredStatement> row(StatementId id) {
        return Optional.ofNullable(rows.get(id));
    }

    public synchronized boolean waitsIn(SessionId session) {
        return rows.values().stream()
                .anyMatch(row -> row.id().session().equals(session) && row.state() == StatementState.PENDING);
    }

    public synchronized int writes() {
        return writes;
    }

    private static <T> CompletableFuture<T> unavailable() {
        return failedFuture(new GatewayException(ErrorCode.STORE_UNAVAILABLE, "The store does not answer"));
    }
}
