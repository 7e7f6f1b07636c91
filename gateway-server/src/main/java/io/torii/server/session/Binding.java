package io.torii.server.session;

import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.OpenWithoutJournal;
import io.torii.server.engine.SharedAttempt;
import io.torii.server.engine.UnknownSession;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to bind one session to an engine. Thread-safe. */
final class Binding {
    private static final Logger log = LoggerFactory.getLogger(Binding.class);
    /** A process that is killed may keep its port for seconds, and its cluster may learn of its end later still. */
    private static final int MAX_TURNS = 15;

    private static final int OPENER_TURNS = 2;
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration LOOKED_FOR = Duration.ofSeconds(15);

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final Placer placer;
    private final EngineLinks links;
    private final Timers timers;
    private final LiveSession live;
    private final List<String> journal;
    private final Consumer<String> say;
    private final Supplier<CompletableFuture<Void>> unwanted;
    private volatile Optional<Lost> lost = Optional.empty();

    /** @param nanos when it could not be reached first, by the clock of {@link System#nanoTime} */
    private record Lost(LaunchTag engine, long nanos) {}

    /** @param journal what is replayed on an engine that is new to the session */
    Binding(Bindings.Seams seams, LiveSession live, List<String> journal, SharedAttempt<EngineChannel> attempt) {
        this.repository = seams.repository();
        this.sessions = seams.sessions();
        this.placer = seams.placer();
        this.links = seams.links();
        this.timers = seams.timers();
        this.live = live;
        this.journal = journal;
        this.say = attempt::say;
        this.unwanted = attempt::abandoned;
    }

    /** The engine that the session has, if it lives, else another. */
    CompletableFuture<EngineChannel> run() {
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
            return CompletableFuture.failedFuture(Failures.pinnedStateLost(live));
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
                    if (turns == 1 || isLate(engine.tag()) || !Failures.isEngineGone(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    say.accept(Failures.of(failure).getMessage() + "; looking for another engine");
                    return links.isGone(engine)
                            .thenCompose(gone -> gone ? CompletableFuture.completedFuture(null) : pause())
                            .thenCompose(looked -> bind(turns - 1));
                }));
    }

    /** Whether this engine has been lost for so long that looking on helps nobody: each look may take seconds. */
    private boolean isLate(LaunchTag engine) {
        Lost first = lost.filter(known -> known.engine().equals(engine))
                .orElseGet(() -> new Lost(engine, System.nanoTime()));
        lost = Optional.of(first);
        return System.nanoTime() - first.nanos() > LOOKED_FOR.toNanos();
    }

    /**
     * Engine and store are told at the same time. Empty if the session is not new: another gateway was faster, or has
     * changed or closed it.
     */
    CompletableFuture<Optional<EngineChannel>> openNew(EngineChannel channel) {
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

    private CompletableFuture<Void> pause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Runnable unused = timers.after(PAUSE, () -> over.complete(null));
        return over;
    }

    /** Closes the session there, unless it is not there. */
    static CompletableFuture<Void> closed(SessionId id, EngineChannel channel) {
        return channel.closeSession(id)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof UnknownSession
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure));
    }
}
