package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.auth.Identity;
import io.torii.server.auth.proxy.Impersonation;
import io.torii.server.settings.ProxyUserSetting;
import io.torii.server.settings.ResolvedSettings;
import io.torii.server.settings.SessionSettings;
import io.torii.server.settings.SettingCatalog;
import io.torii.server.settings.SettingsResolver;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions as rows of the store, which every gateway shares. Blocks no thread. Thread-safe. */
public final class StoredSessions implements Sessions {
    private static final Logger log = LoggerFactory.getLogger(StoredSessions.class);
    private static final int REAPED_AT_ONCE = 100;
    private static final Duration LOOK_AGAIN_AT_LONG_LIVED = Duration.ofHours(1);
    private static final Duration LOOK_AGAIN_AT_UNKNOWN = Duration.ofMinutes(1);

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final SettingsResolver settings;
    private final Impersonation impersonation;
    private final Bindings bindings;
    private final WaitingStatements waiting;
    private final OpenStatements open;
    private final SessionBounds bounds;
    private final Clock clock;
    private final Timers timers;

    /** Sessions that are not to be ended yet, though they look like it, and when to look at them again. */
    private final Map<SessionId, Instant> longLived = new ConcurrentHashMap<>();

    public StoredSessions(
            SessionRepository repository,
            LiveSessions sessions,
            SettingsResolver settings,
            Impersonation impersonation,
            Bindings bindings,
            WaitingStatements waiting,
            OpenStatements open,
            SessionBounds bounds,
            Clock clock,
            Timers timers) {
        this.repository = requireNonNull(repository, "repository");
        this.sessions = requireNonNull(sessions, "sessions");
        this.settings = requireNonNull(settings, "settings");
        this.impersonation = requireNonNull(impersonation, "impersonation");
        this.bindings = requireNonNull(bindings, "bindings");
        this.waiting = requireNonNull(waiting, "waiting");
        this.open = requireNonNull(open, "open");
        this.bounds = requireNonNull(bounds, "bounds");
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
    }

    @Override
    public CompletableFuture<Session> open(SessionRequest request) {
        try {
            Caller caller = request.caller();
            Optional<String> other =
                    ProxyUserSetting.in(request.settings()).filter(asked -> !asked.equals(caller.user()));
            return other.isEmpty()
                    ? openFor(caller.identity(), request)
                    : impersonation
                            .of(other.get(), caller.identity(), caller.address())
                            .thenCompose(identity -> openFor(identity, request));
        } catch (GatewayException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /** Fails with a GatewayException, or throws it. */
    private CompletableFuture<Session> openFor(Identity identity, SessionRequest request) {
        ResolvedSettings resolved = settings.forSession(identity, ProxyUserSetting.without(request.settings()));
        Session session = new Session(
                SessionId.random(),
                identity.user(),
                request.caller().user(),
                request.caller().address(),
                request.protocolVersion(),
                resolved.values(),
                resolved.database(),
                request.frontend(),
                clock.instant());
        return repository.insert(session, bounds.limits()).thenApply(inserted -> {
            LogKeys.about(log.atInfo(), session.id())
                    .addKeyValue("user", session.user())
                    .addKeyValue("login", session.login())
                    .addKeyValue("address", session.address())
                    .log("session is open");
            return sessions.add(session, notes(resolved)).session();
        });
    }

    @Override
    public CompletableFuture<Session> require(SessionId id, Caller caller) {
        return sessions.require(id, caller).thenApply(LiveSession::session);
    }

    @Override
    public CompletableFuture<Void> close(SessionId id, Caller caller) {
        return sessions.require(id, caller)
                .thenCompose(live -> end(id, "closed"))
                .thenAccept(wasThere -> {
                    if (!wasThere) {
                        throw Failures.noSession(id);
                    }
                });
    }

    @Override
    public void connectionLost(SessionId id) {
        endLater(id, clock.instant(), bounds.disconnectGrace());
    }

    private void endLater(SessionId id, Instant lostAt, Duration delay) {
        Runnable unused = timers.after(
                delay,
                () -> Failures.logged(
                        "Ending a session that lost its connection",
                        id,
                        endUnlessUsed(id, lostAt).whenComplete((ended, failure) -> {
                            if (failure != null && Failures.codeOf(failure) == ErrorCode.STORE_UNAVAILABLE) {
                                endLater(id, lostAt, LOOK_AGAIN_AT_UNKNOWN); // nobody else would
                            }
                        })));
    }

    /** Tells the store what was used, and ends what was not for too long; call it every few seconds. */
    public void tick() {
        sessions.flush();
        Instant now = clock.instant();
        longLived.values().removeIf(due -> !due.isAfter(now));
        sessions.all().forEach(live -> look(live, now));
        Duration most = bounds.idleTimeout().limit();
        if (!most.isZero()) {
            Failures.logged(
                    "Looking for idle sessions",
                    "all",
                    repository
                            .idleSince(now.minus(most), REAPED_AT_ONCE + longLived.size())
                            .thenAccept(idle -> idle.stream()
                                    .filter(id -> !longLived.containsKey(id))
                                    .forEach(this::reap)));
        }
    }

    /** A session at work is used, whether or not its client asks; only a gateway that knows its statements can tell. */
    private void look(LiveSession live, Instant now) {
        Duration timeout = timeout(live.settings());
        if (isOver(live.usedAt(), timeout, now)) {
            if (!longLived.containsKey(live.id())) {
                reap(live.id());
            }
        } else if (isOver(live.usedAt().minus(notice(timeout)), timeout, now)
                && live.openStatements() > 0
                && live.isFirstLook()) {
            Failures.logged("Looking whether a session is at work", live.id(), touchIfAtWork(live));
        }
    }

    /** How long before its end other gateways have to hear that a session is at work. */
    private static Duration notice(Duration timeout) {
        Duration tenth = timeout.dividedBy(10);
        return tenth.compareTo(LOOK_AGAIN_AT_UNKNOWN) < 0 ? tenth : LOOK_AGAIN_AT_UNKNOWN;
    }

    private CompletableFuture<Boolean> touchIfAtWork(LiveSession live) {
        return open.isAtWork(live).thenApply(atWork -> {
            if (atWork) {
                sessions.used(live);
            }
            return atWork;
        });
    }

    private void reap(SessionId id) {
        longLived.put(id, clock.instant().plus(LOOK_AGAIN_AT_UNKNOWN)); // until it is known
        Failures.logged("Ending an idle session", id, repository.find(id).thenCompose(row -> row.map(this::endIfIdle)
                .orElseGet(() -> notThere(id))));
    }

    private CompletableFuture<Boolean> notThere(SessionId id) {
        sessions.forget(id).ifPresent(this::dropStatements);
        longLived.remove(id);
        return CompletableFuture.completedFuture(false);
    }

    private CompletableFuture<Boolean> endIfIdle(StoredSession row) {
        Instant now = clock.instant();
        SessionId id = row.session().id();
        Duration timeout = timeout(new SessionSettings(row.session().settings()));
        Instant usedAt = lastUse(row);
        if (isOver(usedAt, timeout, now)) {
            return sessions.cached(id)
                    .map(this::touchIfAtWork)
                    .orElseGet(() -> CompletableFuture.completedFuture(false))
                    .thenCompose(atWork ->
                            atWork ? CompletableFuture.completedFuture(false) : end(id, "idle for " + timeout));
        }
        Instant again = now.plus(LOOK_AGAIN_AT_LONG_LIVED);
        Instant due = timeout.isZero() || usedAt.plus(timeout).isAfter(again) ? again : usedAt.plus(timeout);
        longLived.put(id, due);
        return CompletableFuture.completedFuture(false);
    }

    /** The store may not have heard of the last uses here: it was away, or is told at this moment. */
    private Instant lastUse(StoredSession row) {
        return sessions.cached(row.session().id())
                .map(LiveSession::usedAt)
                .filter(usedHere -> usedHere.isAfter(row.usedAt()))
                .orElse(row.usedAt());
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
                    ? end(id, "its connection was lost")
                    : row.isPresent() ? CompletableFuture.completedFuture(false) : notThere(id);
        });
    }

    /**
     * Its row goes first: from then on nobody can bind it, and the row says which engine has it open. Its statements end,
     * here at once and in the engine with the session; true if the store still had it.
     */
    private CompletableFuture<Boolean> end(SessionId id, String reason) {
        return repository.delete(id).thenApply(last -> {
            notThere(id);
            last.flatMap(StoredSession::engine)
                    .ifPresent(engine ->
                            Failures.logged("Closing a session in its engine", id, bindings.release(id, engine)));
            last.ifPresent(row -> LogKeys.about(log.atInfo(), id)
                    .addKeyValue("reason", reason)
                    .log("session has ended"));
            return last.isPresent();
        });
    }

    private void dropStatements(LiveSession live) {
        List.copyOf(live.statements()).forEach(waiting::drop);
    }

    private Duration timeout(SessionSettings session) {
        return bounds.idleTimeout().of(session.idleTimeout());
    }

    private List<String> notes(ResolvedSettings resolved) {
        List<String> notes = new ArrayList<>(resolved.notes());
        new SessionSettings(resolved.values())
                .idleTimeout()
                .flatMap(asked -> bounds.idleTimeout().remark(SettingCatalog.SESSION_IDLE_TIMEOUT, asked))
                .ifPresent(notes::add);
        return notes;
    }

    private static boolean isOver(Instant usedAt, Duration timeout, Instant now) {
        return !timeout.isZero() && usedAt.plus(timeout).isBefore(now);
    }
}
