package io.torii.server.store;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Session;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A {@link SessionRepository} in memory that counts its writes. Thread-safe. */
public final class FakeSessionRepository implements SessionRepository {
    private final Map<SessionId, StoredSession> rows = new LinkedHashMap<>();
    private final Set<SessionId> roaming = new HashSet<>();
    private final Map<SessionId, Map<StatementId, Optional<String>>> journals = new HashMap<>();
    private int writes;
    private int finds;
    private Runnable beforeNextBinding = () -> {};
    private Predicate<SessionId> statementsWait = id -> false;
    private boolean available = true;
    private boolean silent;
    private volatile boolean deaf;

    /** Says of which sessions a statement waits in the store that is this one's other half. */
    public synchronized void statementsWait(Predicate<SessionId> inSession) {
        statementsWait = inSession;
    }

    @Override
    public CompletableFuture<Void> insert(Session session, SessionLimits limits) {
        return write(() -> {
            check(limits.total(), "in all", row -> true);
            check(limits.perUser(), "of user " + session.user(), row -> sameUser(row, session));
            check(limits.perAddress(), "from " + session.address(), row -> sameAddress(row, session));
            check(
                    limits.perUserAndAddress(),
                    "of user " + session.user() + " from " + session.address(),
                    row -> sameUser(row, session) && sameAddress(row, session));
            rows.put(session.id(), new StoredSession(session, session.openedAt(), Optional.empty(), ""));
            return null;
        });
    }

    @Override
    public synchronized CompletableFuture<Optional<StoredSession>> find(SessionId id) {
        finds++;
        if (silent) {
            return new CompletableFuture<>();
        }
        return available ? completedFuture(Optional.ofNullable(rows.get(id))) : unavailable();
    }

    @Override
    public CompletableFuture<Void> touch(SessionId id, Instant usedAt) {
        if (deaf) {
            return new CompletableFuture<>();
        }
        return change(
                id,
                row -> new StoredSession(
                        row.session(),
                        row.usedAt().isAfter(usedAt) ? row.usedAt() : usedAt,
                        row.engine(),
                        row.pinned()));
    }

    @Override
    public CompletableFuture<Boolean> bindNew(SessionId id, Map<String, String> settings, LaunchTag engine) {
        happens();
        return write(() -> Optional.ofNullable(rows.get(id))
                .filter(row -> row.engine().isEmpty()
                        && row.session().settings().equals(settings)
                        && !journals.containsKey(id)
                        && !statementsWait.test(id))
                .map(row ->
                        rows.put(id, new StoredSession(row.session(), row.usedAt(), Optional.of(engine), row.pinned())))
                .isPresent());
    }

    @Override
    public CompletableFuture<Void> bind(SessionId id, Optional<LaunchTag> engine) {
        happens();
        return write(() -> {
            if (rows.computeIfPresent(
                            id, (same, row) -> new StoredSession(row.session(), row.usedAt(), engine, row.pinned()))
                    == null) {
                throw new GatewayException(ErrorCode.INVALID_HANDLE, "Session " + id + " was closed");
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> appendJournal(StatementId statement, String sql) {
        return change(statement.session(), row -> {
            Map<StatementId, Optional<String>> journal =
                    journals.computeIfAbsent(statement.session(), id -> new LinkedHashMap<>());
            if (journal.containsKey(statement)) {
                return row;
            }
            List<StatementId> ids = lines(journal).map(Map.Entry::getKey).toList();
            List<String> lines = lines(journal)
                    .map(Map.Entry::getValue)
                    .flatMap(Optional::stream)
                    .toList();
            List<Integer> superfluous = Journal.superfluous(lines, sql);
            if (superfluous.isEmpty() && Journal.isFull(lines)) {
                return row.pinned().isEmpty()
                        ? new StoredSession(row.session(), row.usedAt(), row.engine(), Journal.FULL)
                        : row;
            }
            superfluous.forEach(index -> journal.put(ids.get(index), Optional.empty()));
            journal.put(statement, Optional.of(sql));
            return row;
        });
    }

    @Override
    public synchronized CompletableFuture<List<String>> journal(SessionId id) {
        return available
                ? completedFuture(lines(journals.getOrDefault(id, Map.of()))
                        .map(Map.Entry::getValue)
                        .flatMap(Optional::stream)
                        .toList())
                : unavailable();
    }

    @Override
    public CompletableFuture<Void> putSetting(SessionId id, String key, String value) {
        return change(id, row -> {
            Session session = row.session();
            Map<String, String> settings = new HashMap<>(session.settings());
            settings.put(key, value);
            Session changed = new Session(
                    session.id(),
                    session.user(),
                    session.address(),
                    session.protocolVersion(),
                    settings,
                    session.database(),
                    session.frontend(),
                    session.openedAt());
            return new StoredSession(changed, row.usedAt(), row.engine(), row.pinned());
        });
    }

    @Override
    public CompletableFuture<Void> markRoaming(SessionId id) {
        return change(id, row -> {
            roaming.add(id);
            return row;
        });
    }

    @Override
    public CompletableFuture<Boolean> isRoaming(SessionId id) {
        return write(() -> roaming.contains(id));
    }

    @Override
    public CompletableFuture<Void> pin(SessionId id, String reason) {
        return change(id, row -> new StoredSession(row.session(), row.usedAt(), row.engine(), reason));
    }

    @Override
    public CompletableFuture<Optional<StoredSession>> delete(SessionId id) {
        return write(() -> {
            journals.remove(id);
            roaming.remove(id);
            return Optional.ofNullable(rows.remove(id));
        });
    }

    @Override
    public synchronized CompletableFuture<List<SessionId>> idleSince(Instant usedBefore, int max) {
        return completedFuture(rows.values().stream()
                .filter(row -> row.usedAt().isBefore(usedBefore))
                .sorted(Comparator.comparing(StoredSession::usedAt))
                .limit(max)
                .map(row -> row.session().id())
                .toList());
    }

    @Override
    public synchronized CompletableFuture<Long> count() {
        return available ? completedFuture((long) rows.size()) : unavailable();
    }

    /** The row, if it is there. */
    public synchronized Optional<StoredSession> row(SessionId id) {
        return Optional.ofNullable(rows.get(id));
    }

    public synchronized int writes() {
        return writes;
    }

    public synchronized void becomesUnavailable() {
        available = false;
    }

    public synchronized void becomesAvailable() {
        available = true;
    }

    /** From now on it does not hear in time that a session was used. */
    public void becomesDeaf() {
        deaf = true;
    }

    /** From now on nobody hears what was found. */
    public synchronized void becomesSilent() {
        silent = true;
    }

    /** How often a session's row was asked for. */
    public synchronized int finds() {
        return finds;
    }

    /** Happens, once, just before the next session is bound. */
    public synchronized void beforeNextBinding(Runnable event) {
        beforeNextBinding = event;
    }

    private void happens() {
        Runnable before;
        synchronized (this) {
            before = beforeNextBinding;
            beforeNextBinding = () -> {};
        }
        before.run();
    }

    private CompletableFuture<Void> change(SessionId id, UnaryOperator<StoredSession> change) {
        return write(() -> {
            rows.computeIfPresent(id, (same, row) -> change.apply(row));
            return null;
        });
    }

    private synchronized <T> CompletableFuture<T> write(Supplier<T> change) {
        if (!available) {
            return unavailable();
        }
        writes++;
        try {
            return completedFuture(change.get());
        } catch (GatewayException refusal) {
            return failedFuture(refusal);
        }
    }

    private void check(int limit, String which, Predicate<Session> counts) {
        long open = rows.values().stream()
                .map(StoredSession::session)
                .filter(counts)
                .count();
        if (limit > 0 && open >= limit) {
            throw new GatewayException(
                    ErrorCode.TOO_MANY_SESSIONS,
                    "There are " + open + " sessions " + which + ", as many as there may be");
        }
    }

    private static Stream<Map.Entry<StatementId, Optional<String>>> lines(Map<StatementId, Optional<String>> journal) {
        return journal.entrySet().stream().filter(line -> line.getValue().isPresent());
    }

    private static boolean sameUser(Session one, Session other) {
        return one.user().equals(other.user());
    }

    private static boolean sameAddress(Session one, Session other) {
        return one.address().equals(other.address());
    }

    private static <T> CompletableFuture<T> unavailable() {
        return failedFuture(new GatewayException(ErrorCode.STORE_UNAVAILABLE, "The store does not answer"));
    }
}
