package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementState;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.settings.ResolvedSettings;
import io.torii.server.settings.SessionSettings;
import io.torii.server.settings.SettingsResolver;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions as rows of the store, which every gateway shares. Blocks no thread. Thread-safe. */
public final class StoredSessions implements Sessions {
    private static final Logger log = LoggerFactory.getLogger(StoredSessions.class);
    private static final int REAPED_AT_ONCE = 100;
    private static final Duration LOOK_AGAIN_AT_LONG_LIVED = Duration.ofHours(1);

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final SettingsResolver settings;
    private final Bindings bindings;
    private final WaitingStatements waiting;
    private final SessionBounds bounds;
    private final Clock clock;
    private final Timers timers;

    /** Sessions that may be unused for longer than most, and when to look at them again. */
    private final Map<SessionId, Instant> longLived = new ConcurrentHashMap<>();

    public StoredSessions(
            SessionRepository repository,
            LiveSessions sessions,
            SettingsResolver settings,
            Bindings bindings,
            WaitingStatements waiting,
            SessionBounds bounds,
            Clock clock,
            Timers timers) {
        this.repository = requireNonNull(repository, "repository");
        this.sessions = requireNonNull(sessions, "sessions");
        this.settings = requireNonNull(settings, "settings");
        this.bindings = requireNonNull(bindings, "bindings");
        this.waiting = requireNonNull(waiting, "waiting");
        this.bounds = requireNonNull(bounds, "bounds");
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
    }

    @Override
    public CompletableFuture<Session> open(SessionRequest request) {
        ResolvedSettings resolved;
        try {
            resolved = settings.forSession(request.caller().identity(), request.settings());
        } catch (GatewayException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        Session session = new Session(
                SessionId.random(),
                request.caller().user(),
                request.caller().address(),
                request.protocolVersion(),
                resolved.values(),
                resolved.database(),
                request.frontend(),
                clock.instant());
        return repository.insert(session, bounds.limits()).thenApply(inserted -> {
            log.info("session is open session={} user={} address={}", session.id(), session.user(), session.address());
            return sessions.add(session, resolved.notes()).session();
        });
    }

    @Override
    public CompletableFuture<Session> require(SessionId id, Caller caller) {
        return sessions.require(id, caller).thenApply(LiveSession::session);
    }

    @Override
    public CompletableFuture<Void> close(SessionId id, Caller caller) {
        return sessions.require(id, caller)
                .thenCompose(live ->
                        live.channel().isPresent() ? CompletableFuture.completedFuture(live) : sessions.load(id))
                .thenCompose(live -> end(live, "closed"))
                .thenAccept(wasThere -> {
                    if (!wasThere) {
                        throw Failures.noSession(id);
                    }
                });
    }

    @Override
    public void connectionLost(SessionId id) {
        Instant lostAt = clock.instant();
        Runnable unused = timers.after(
                bounds.disconnectGrace(),
                () -> Failures.logged("Ending a session that lost its connection", id, endUnlessUsed(id, lostAt)));
    }

    /** Tells the store what was used, and ends what was not for too long; call it every few seconds. */
    public void tick() {
        sessions.flush();
        Instant now = clock.instant();
        longLived.values().removeIf(due -> !due.isAfter(now));
        sessions.all().stream()
                .filter(live -> live.settings()
                        .idleTimeout()
                        .filter(timeout -> isOver(live.usedAt(), timeout, now))
                        .isPresent())
                .forEach(live -> reap(live.id()));
        if (!bounds.idleTimeout().isZero()) {
            Failures.logged(
                    "Looking for idle sessions",
                    "all",
                    repository
                            .idleSince(now.minus(bounds.idleTimeout()), REAPED_AT_ONCE + longLived.size())
                            .thenAccept(idle -> idle.stream()
                                    .filter(id -> !longLived.containsKey(id))
                                    .forEach(this::reap)));
        }
    }

    private void reap(SessionId id) {
        Failures.logged("Ending an idle session", id, repository.find(id).thenCompose(row -> row.map(this::endIfIdle)
                .orElseGet(() -> CompletableFuture.completedFuture(false))));
    }

    private CompletableFuture<Boolean> endIfIdle(StoredSession row) {
        Instant now = clock.instant();
        SessionId id = row.session().id();
        Duration timeout =
                new SessionSettings(row.session().settings()).idleTimeout().orElse(bounds.idleTimeout());
        if (isOver(row.usedAt(), timeout, now) && !isAtWork(id)) {
            return sessions.load(id).thenCompose(live -> end(live, "idle for " + timeout));
        }
        Instant again = now.plus(LOOK_AGAIN_AT_LONG_LIVED);
        Instant due = timeout.isZero() || row.usedAt().plus(timeout).isAfter(again)
                ? again
                : row.usedAt().plus(timeout);
        longLived.put(id, due);
        return CompletableFuture.completedFuture(false);
    }

    private CompletableFuture<Boolean> endUnlessUsed(SessionId id, Instant lostAt) {
        boolean usedHere = sessions.cached(id)
                .filter(live -> live.usedAt().isAfter(lostAt))
                .isPresent();
        if (usedHere) {
            return CompletableFuture.completedFuture(false);
        }
        return repository.find(id).thenCompose(row -> {
            boolean ends =
                    row.filter(stored -> !stored.usedAt().isAfter(lostAt)).isPresent();
            return ends
                    ? sessions.load(id).thenCompose(live -> end(live, "its connection was lost"))
                    : CompletableFuture.completedFuture(false);
        });
    }

    /** Its statements end, here at once and in the engine with the session; true if the store still had it. */
    private CompletableFuture<Boolean> end(LiveSession live, String reason) {
        sessions.forget(live.id());
        List.copyOf(live.statements()).forEach(statement -> waiting.end(statement, StatementState.CLOSED));
        Failures.logged("Closing a session in its engine", live.id(), bindings.release(live));
        longLived.remove(live.id());
        return repository.delete(live.id()).thenApply(wasThere -> {
            log.info("session has ended session={} reason={}", live.id(), reason);
            return wasThere;
        });
    }

    private boolean isAtWork(SessionId id) {
        return sessions.cached(id)
                .map(live ->
                        live.statements().stream().anyMatch(statement -> statement.phase() instanceof Phase.Waiting))
                .orElse(false);
    }

    private static boolean isOver(Instant usedAt, Duration timeout, Instant now) {
        return !timeout.isZero() && usedAt.plus(timeout).isBefore(now);
    }
}
