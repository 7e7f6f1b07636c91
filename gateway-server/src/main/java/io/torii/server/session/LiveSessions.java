package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.auth.proxy.ProxyUsers;
import io.torii.server.engine.EngineChannel;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The sessions that this gateway has seen lately: a bounded cache over the store. Since other gateways may change or close
 * a session, an entry is read again after a short while. Every use is checked against the owner. Thread-safe.
 */
public final class LiveSessions {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration LONGEST_READING = Duration.ofSeconds(1);
    private static final int LOOKED_AT_TO_MAKE_ROOM = 32;

    private final SessionRepository repository;
    private final Clock clock;
    private final Duration touchInterval;
    private final int capacity;
    private final ProxyUsers proxyUsers;
    private final Map<SessionId, LiveSession> cache = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<SessionId, CompletableFuture<LiveSession>> readings = new ConcurrentHashMap<>();
    private volatile Consumer<SessionId> whenGone = id -> {};

    /** Where nobody acts for another. */
    public LiveSessions(SessionRepository repository, Clock clock, Duration touchInterval, int capacity) {
        this(repository, clock, touchInterval, capacity, ProxyUsers.NONE);
    }

    /**
     * @param touchInterval the store hears at most this often that a session was used
     * @param capacity how many sessions to remember
     * @param proxyUsers who may use sessions of others
     */
    public LiveSessions(
            SessionRepository repository, Clock clock, Duration touchInterval, int capacity, ProxyUsers proxyUsers) {
        this.repository = requireNonNull(repository, "repository");
        this.clock = requireNonNull(clock, "clock");
        this.touchInterval = requireNonNull(touchInterval, "touchInterval");
        this.capacity = capacity;
        this.proxyUsers = requireNonNull(proxyUsers, "proxyUsers");
    }

    /** Tells the listener of each session of which this gateway hears that it has ended; before anything is started. */
    public void whenGone(Consumer<SessionId> listener) {
        whenGone = requireNonNull(listener, "listener");
    }

    /** How many sessions are remembered. */
    public int size() {
        synchronized (cache) {
            return cache.size();
        }
    }

    /** Whether the session is remembered. */
    public boolean knows(SessionId id) {
        return cached(id).isPresent();
    }

    /** The engine to which the session is connected from here. */
    public Optional<RunningEngine> engineOf(SessionId id) {
        return cached(id).flatMap(LiveSession::channel).map(EngineChannel::engine);
    }

    /** Whose session it is, if it is remembered. */
    public Optional<String> userOf(SessionId id) {
        return cached(id).map(live -> live.session().user());
    }

    /** The sessions that are remembered, as they were last read. */
    public List<StoredSession> rows() {
        return all().stream().map(LiveSession::row).toList();
    }

    /**
     * The session, if it is the caller's; notes the use. While the store is away or does not answer soon, what is known here
     * has to do.
     */
    CompletableFuture<LiveSession> require(SessionId id, Caller caller) {
        Optional<LiveSession> known = cached(id);
        if (known.isPresent() && !known.get().isOlderThan(FRESH, clock.instant())) {
            return used(known.get(), caller);
        }
        return known.map(this::readAgain).orElseGet(() -> load(id)).thenCompose(live -> used(live, caller));
    }

    /** Whoever wants the same session meanwhile waits for the same answer: a store that hangs is not asked over and over. */
    private CompletableFuture<LiveSession> readAgain(LiveSession known) {
        CompletableFuture<LiveSession> mine = new CompletableFuture<>();
        CompletableFuture<LiveSession> reading =
                Optional.ofNullable(readings.putIfAbsent(known.id(), mine)).orElse(mine);
        if (reading == mine) {
            CompletableFuture<LiveSession> unused = load(known.id()).whenComplete((live, failure) -> {
                readings.remove(known.id());
                if (failure == null) {
                    mine.complete(live);
                } else {
                    mine.completeExceptionally(Failures.cause(failure));
                }
            });
        }
        return reading.copy()
                .completeOnTimeout(known, LONGEST_READING.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> Failures.codeOf(failure) == ErrorCode.STORE_UNAVAILABLE
                        ? CompletableFuture.completedFuture(known)
                        : CompletableFuture.failedFuture(failure));
    }

    /** The session as the store has it now. */
    CompletableFuture<LiveSession> load(SessionId id) {
        return repository.find(id).thenApply(row -> {
            if (row.isEmpty()) {
                forget(id);
                throw Failures.noSession(id);
            }
            return remember(row.get(), List.of());
        });
    }

    LiveSession add(Session session, List<String> notes) {
        return remember(new StoredSession(session, session.openedAt(), Optional.empty(), ""), notes);
    }

    Optional<LiveSession> cached(SessionId id) {
        synchronized (cache) {
            return Optional.ofNullable(cache.get(id));
        }
    }

    /** The session is there no longer; returns what was known of it here. */
    Optional<LiveSession> forget(SessionId id) {
        Optional<LiveSession> forgotten;
        synchronized (cache) {
            forgotten = Optional.ofNullable(cache.remove(id));
        }
        forgotten.ifPresent(LiveSession::close);
        whenGone.accept(id);
        return forgotten;
    }

    List<LiveSession> all() {
        synchronized (cache) {
            return new ArrayList<>(cache.values());
        }
    }

    /** Tells the store of uses that it has not heard of. */
    void flush() {
        Instant now = clock.instant();
        all().forEach(live -> {
            if (live.touchIsDue(now, touchInterval)) {
                touch(live);
            }
        });
    }

    private CompletableFuture<LiveSession> used(LiveSession live, Caller caller) {
        Optional<GatewayException> refusal = refusal(live, caller);
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        if (live.use(clock.instant(), touchInterval)) {
            touch(live);
        }
        return CompletableFuture.completedFuture(live);
    }

    /** Whoever acts for another needs to be allowed to as long as the session lasts, and from wherever it is used. */
    private Optional<GatewayException> refusal(LiveSession live, Caller caller) {
        Session session = live.session();
        if (!session.login().equals(caller.user())) {
            return Optional.of(new GatewayException(
                    ErrorCode.NOT_THE_OWNER, "Session " + live.id() + " is not one of user " + caller.user()));
        }
        boolean allowed = !session.isForAnother()
                || proxyUsers.allow(
                        caller.user(),
                        caller.address(),
                        session.user(),
                        live.settings().groups());
        return allowed
                ? Optional.empty()
                : Optional.of(ProxyUsers.refusal(caller.user(), caller.address(), session.user(), Optional.empty()));
    }

    /** The session is at work, and that counts as a use. */
    void used(LiveSession live) {
        if (live.use(clock.instant(), Duration.ZERO)) {
            touch(live);
        }
    }

    private void touch(LiveSession live) {
        CompletableFuture<Void> noted = repository
                .touch(live.id(), live.usedAt())
                .exceptionallyCompose(failure -> {
                    if (Failures.codeOf(failure) != ErrorCode.STORE_UNAVAILABLE) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    live.notTouched(); // it hears of that later
                    return CompletableFuture.completedFuture(null);
                });
        Failures.logged("Noting the use of a session", live.id(), noted);
    }

    private LiveSession remember(StoredSession row, List<String> notes) {
        Instant now = clock.instant();
        synchronized (cache) {
            LiveSession known = cache.get(row.session().id());
            if (known != null) {
                known.update(row, now);
                return known;
            }
            LiveSession live = new LiveSession(row, notes, now);
            cache.put(live.id(), live);
            makeRoom(live);
            return live;
        }
    }

    /**
     * Forgets the one that was not used for longest, but none that holds what only this gateway has: such a one counts as
     * used, so that the next look is at others.
     */
    private void makeRoom(LiveSession added) {
        List<SessionId> kept = new ArrayList<>();
        Iterator<LiveSession> eldest = cache.values().iterator();
        for (int looked = 0; cache.size() > capacity && looked < LOOKED_AT_TO_MAKE_ROOM && eldest.hasNext(); looked++) {
            LiveSession live = eldest.next();
            if (live != added && live.isForgettable()) {
                eldest.remove();
            } else {
                kept.add(live.id());
            }
        }
        kept.forEach(cache::get);
    }
}
