package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.OpenWithoutJournal;
import io.torii.server.engine.SharedAttempt;
import io.torii.server.engine.SharedAttempts;
import io.torii.server.engine.UnknownSession;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds sessions to engines: the one a session has, if it lives, else a new one, with the session's journal replayed.
 * Statements of one session that need an engine at the same time share one attempt. Blocks no thread. Thread-safe.
 */
public final class Bindings {
    private static final Logger log = LoggerFactory.getLogger(Bindings.class);
    /** A process that is killed may keep its port for seconds, and its cluster may learn of its end later still. */
    private static final int MAX_TURNS = 15;

    private static final int OPENER_TURNS = 2;
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final Placer placer;
    private final EngineLinks links;
    private final Timers timers;
    private final SharedAttempts<SessionId, EngineChannel> attempts = new SharedAttempts<>();

    public Bindings(
            SessionRepository repository, LiveSessions sessions, Placer placer, EngineLinks links, Timers timers) {
        this.repository = requireNonNull(repository, "repository");
        this.sessions = requireNonNull(sessions, "sessions");
        this.placer = requireNonNull(placer, "placer");
        this.links = requireNonNull(links, "links");
        this.timers = requireNonNull(timers, "timers");
    }

    /** A connection to an engine that has the session open; what happens on the way is told to the listener. */
    CompletableFuture<EngineChannel> channelFor(LiveSession live, Consumer<String> listener) {
        return shared(live, listener, attempt -> bound(live.id(), attempt));
    }

    /** What cannot be told now is told on the long way. */
    private Optional<Placer.Known> known(LiveSession live) {
        try {
            return live.row().engine().isPresent() ? Optional.empty() : placer.known(live.session());
        } catch (RuntimeException problem) {
            return Optional.empty();
        }
    }

    /**
     * The same for a session that has had no engine, if the one that it is to have is known here: the store hears of it, but
     * is asked nothing. Empty if there is none, or if that does not come about in a moment; then the session has to wait.
     *
     * @param listener told what happened on the way, unless the session has to wait
     */
    CompletableFuture<Optional<EngineChannel>> atOnce(LiveSession live, Consumer<String> listener) {
        Optional<Placer.Known> known = known(live);
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Optional<EngineChannel>> soon = new CompletableFuture<>();
        CompletableFuture<EngineChannel> engine = shared(
                live, lines::add, attempt -> first(live, known.get(), attempt).thenCompose(channel -> {
                    if (channel.isPresent()) {
                        return CompletableFuture.completedFuture(channel.get());
                    }
                    soon.complete(Optional.empty());
                    return bound(live.id(), attempt);
                }));
        Runnable noTimer = timers.after(A_MOMENT, () -> soon.complete(Optional.empty()));
        engine.whenComplete((channel, failure) -> {
            noTimer.run();
            soon.complete(Optional.ofNullable(channel));
        });
        soon.thenAccept(channel -> {
            if (channel.isEmpty()) {
                // whoever asked has joined by then to wait, or wants it no more
                timers.after(A_MOMENT, () -> engine.cancel(false));
            }
        });
        return soon.thenApply(channel -> {
            channel.ifPresent(found -> List.copyOf(lines).forEach(listener));
            return channel;
        });
    }

    private CompletableFuture<EngineChannel> shared(
            LiveSession live,
            Consumer<String> listener,
            Function<SharedAttempt<EngineChannel>, CompletableFuture<EngineChannel>> bind) {
        return attempts.join(live.id(), listener, attempt -> run(live.id(), attempt, bind));
    }

    /** Once more if somebody came while it was being cancelled for want of anybody. */
    private void run(
            SessionId id,
            SharedAttempt<EngineChannel> attempt,
            Function<SharedAttempt<EngineChannel>, CompletableFuture<EngineChannel>> bind) {
        CompletableFuture<EngineChannel> unused = bind.apply(attempt).whenComplete((channel, failure) -> {
            if (failure == null) {
                attempt.end(channel, null);
            } else if (!(Failures.cause(failure) instanceof Unwanted)) {
                attempt.end(null, Failures.of(failure));
            } else if (!attempt.giveUp()) {
                run(id, attempt, again -> bound(id, again));
            }
        });
    }

    /**
     * Closes a session that is over in its engine, if that lives; once more a while later, if the engine has not heard of it:
     * another gateway may be opening it there.
     *
     * @param engine the one that the session was bound to
     */
    CompletableFuture<Void> release(SessionId id, LaunchTag engine) {
        return links.channelTo(engine).thenCompose(found -> found.map(
                        channel -> channel.closeSession(id).exceptionally(failure -> {
                            if (!(Failures.cause(failure) instanceof UnknownSession)) {
                                throw Failures.of(failure);
                            }
                            Runnable unused = timers.after(
                                    ON_ITS_WAY,
                                    () -> Failures.logged("Closing a session in its engine", id, closed(id, channel)));
                            return null;
                        }))
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /** Without a look at the store; empty if anything is not as it was thought to be. */
    private CompletableFuture<Optional<EngineChannel>> first(
            LiveSession live, Placer.Known known, SharedAttempt<EngineChannel> attempt) {
        return links.channelTo(known.engine())
                .thenCompose(channel -> new Binding(live, List.of(), attempt).openNew(channel))
                .thenApply(channel -> {
                    channel.ifPresent(found -> known.reasons().forEach(attempt::say));
                    return channel;
                })
                .exceptionally(failure -> {
                    log.debug("session cannot be bound at once session={}", live.id(), failure);
                    return Optional.empty();
                });
    }

    private CompletableFuture<EngineChannel> bound(SessionId id, SharedAttempt<EngineChannel> attempt) {
        return sessions.load(id)
                .thenCompose(live ->
                        repository.journal(id).thenCompose(journal -> new Binding(live, journal, attempt).run()));
    }

    private static CompletableFuture<Void> closed(SessionId id, EngineChannel channel) {
        return channel.closeSession(id)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof UnknownSession
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure));
    }

    static GatewayException pinnedStateLost(LiveSession live) {
        return new GatewayException(
                ErrorCode.ENGINE_LOST,
                "The session's engine has ended or let the session go, and with it what only that engine had ("
                        + live.row().pinned() + "); open a new session");
    }

    private CompletableFuture<Void> pause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Runnable unused = timers.after(PAUSE, () -> over.complete(null));
        return over;
    }

    /** One attempt to bind one session. */
    private final class Binding {
        private final LiveSession live;
        private final List<String> journal;
        private final Consumer<String> say;
        private final Supplier<CompletableFuture<Void>> unwanted;

        private Binding(LiveSession live, List<String> journal, SharedAttempt<EngineChannel> attempt) {
            this.live = live;
            this.journal = journal;
            this.say = attempt::say;
            this.unwanted = attempt::abandoned;
        }

        private CompletableFuture<EngineChannel> run() {
            if (live.row().engine().isEmpty()) {
                return bind(MAX_TURNS);
            }
            return reached(live.row().engine().get(), MAX_TURNS)
                    .thenCompose(found -> found.isPresent() ? rejoin(found.get()) : move());
        }

        /** One that refuses connections may have died a moment ago, before those who watch its process can have heard. */
        private CompletableFuture<Optional<EngineChannel>> reached(LaunchTag engine, int turns) {
            return links.channelTo(engine)
                    .exceptionallyCompose(failure -> turns == 1 || !Failures.isEngineGone(failure)
                            ? CompletableFuture.failedFuture(failure)
                            : pause().thenCompose(later -> reached(engine, turns - 1)));
        }

        /** The engine lives, but may have let the session go, which only its journal can bring back. */
        private CompletableFuture<EngineChannel> rejoin(EngineChannel channel) {
            if (isPinned()) {
                live.connected(channel);
                return CompletableFuture.completedFuture(channel);
            }
            return open(channel).exceptionallyCompose(failure -> {
                if (Failures.codeOf(failure) == ErrorCode.ENGINE_UNREACHABLE) {
                    return move(); // it drains, and does not have the session
                }
                if (!Failures.isEngineGone(failure)) {
                    return CompletableFuture.failedFuture(failure);
                }
                return isGone(channel.engine(), MAX_TURNS)
                        .thenCompose(gone -> gone ? move() : CompletableFuture.failedFuture(failure));
            });
        }

        private CompletableFuture<Boolean> isGone(RunningEngine engine, int turns) {
            return links.isGone(engine)
                    .thenCompose(gone -> gone || turns == 1
                            ? CompletableFuture.completedFuture(gone)
                            : pause().thenCompose(later -> isGone(engine, turns - 1)));
        }

        private CompletableFuture<EngineChannel> move() {
            if (isPinned()) {
                return CompletableFuture.failedFuture(pinnedStateLost(live));
            }
            say.accept("The session's engine is gone; the session moves to another"
                    + (journal.isEmpty() ? "" : " and its SET, USE and the like are replayed"));
            return bind(MAX_TURNS);
        }

        /**
         * An engine may end or drain between being found and being asked: looks again, but not for ever, and not before the
         * registry can have heard of it.
         */
        private CompletableFuture<EngineChannel> bind(int turns) {
            return placer.engineFor(live.session(), say, unwanted).thenCompose(engine -> links.channelTo(engine)
                    .thenCompose(this::open)
                    .exceptionallyCompose(failure -> {
                        if (turns == 1 || !Failures.isEngineGone(failure)) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        say.accept(Failures.of(failure).getMessage() + "; looking for another engine");
                        return links.isGone(engine)
                                .thenCompose(gone -> gone ? CompletableFuture.completedFuture(null) : pause())
                                .thenCompose(looked -> bind(turns - 1));
                    }));
        }

        /**
         * Engine and store are told at the same time. Empty if the session is not new: another gateway was faster, or has
         * changed or closed it.
         */
        private CompletableFuture<Optional<EngineChannel>> openNew(EngineChannel channel) {
            LaunchTag engine = channel.engine().tag();
            CompletableFuture<Boolean> stored =
                    repository.bindNew(live.id(), live.session().settings(), engine);
            return channel.openSession(placer.specs().sessionFor(live.session(), journal))
                    .exceptionallyCompose(failure -> unbind(channel, stored, failure))
                    .thenCombine(stored, (opened, isNew) -> isNew)
                    .whenComplete((isNew, failure) -> {
                        if (stored.isCompletedExceptionally()) {
                            closeInEngine(channel); // else nobody would tell it when the session ends
                        }
                    })
                    .thenCompose(isNew -> isNew
                            ? CompletableFuture.completedFuture(Optional.of(inUse(channel)))
                            : undo(channel).thenApply(undone -> Optional.<EngineChannel>empty()))
                    .whenComplete((bound, failure) -> closeIfClosed(channel, failure));
        }

        /** The store must not name an engine that does not have the session, or is not known to. */
        private CompletableFuture<Void> unbind(
                EngineChannel channel, CompletableFuture<Boolean> stored, Throwable failure) {
            return stored.thenCompose(isNew -> {
                if (!isNew) {
                    return CompletableFuture.<Void>failedFuture(failure);
                }
                closeInEngine(channel);
                return repository
                        .bind(live.id(), Optional.empty())
                        .thenCompose(unbound -> CompletableFuture.<Void>failedFuture(failure));
            });
        }

        private CompletableFuture<Void> undo(EngineChannel channel) {
            return repository
                    .find(live.id())
                    .thenCompose(row -> row.flatMap(StoredSession::engine)
                                    .filter(channel.engine().tag()::equals)
                                    .isPresent()
                            ? CompletableFuture.completedFuture(null)
                            : closed(live.id(), channel));
        }

        /** The session may have been closed meanwhile, here or at another gateway: then the engine shall not keep it. */
        private CompletableFuture<EngineChannel> open(EngineChannel channel) {
            LaunchTag engine = channel.engine().tag();
            return opened(channel, OPENER_TURNS)
                    .thenCompose(opened -> repository.bind(live.id(), Optional.of(engine)))
                    .thenApply(bound -> inUse(channel))
                    .whenComplete((bound, failure) -> closeIfClosed(channel, failure));
        }

        /**
         * Opens the session as it is to be. Another gateway that took it for a new one, and opens it without its journal, will
         * find that out and close it; if that does not come about, it is closed from here.
         */
        private CompletableFuture<Void> opened(EngineChannel channel, int turns) {
            EngineSession session = placer.specs().sessionFor(live.session(), journal);
            return channel.openSession(session).exceptionallyCompose(failure -> {
                if (!(Failures.cause(failure) instanceof OpenWithoutJournal)) {
                    return CompletableFuture.failedFuture(failure);
                }
                return turns > 0
                        ? pause().thenCompose(later -> opened(channel, turns - 1))
                        : closed(live.id(), channel).thenCompose(closed -> channel.openSession(session));
            });
        }

        private EngineChannel inUse(EngineChannel channel) {
            LogKeys.about(log.atInfo(), live.id())
                    .addKeyValue("engine", channel.engine().tag())
                    .log("session is bound");
            live.bound(channel);
            if (live.isClosed()) {
                throw Failures.noSession(live.id());
            }
            return channel;
        }

        private void closeIfClosed(EngineChannel channel, Throwable failure) {
            if (failure != null && Failures.codeOf(failure) == ErrorCode.INVALID_HANDLE) {
                sessions.forget(live.id());
                closeInEngine(channel);
            }
        }

        private void closeInEngine(EngineChannel channel) {
            Failures.logged("Closing a session in its engine", live.id(), closed(live.id(), channel));
        }

        private boolean isPinned() {
            return !live.row().pinned().isEmpty();
        }
    }
}
