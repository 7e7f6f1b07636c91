package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.SharedAttempt;
import io.torii.server.store.SessionRepository;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds sessions to engines: the one a session has, if it lives, else a new one, with the session's journal replayed.
 * Statements of one session that need an engine at the same time share one attempt. Blocks no thread. Thread-safe.
 */
public final class Bindings {
    private static final Logger log = LoggerFactory.getLogger(Bindings.class);
    private static final int MAX_TURNS = 3;

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final Placer placer;
    private final EngineLinks links;
    private final ConcurrentMap<SessionId, SharedAttempt<EngineChannel>> attempts = new ConcurrentHashMap<>();

    public Bindings(SessionRepository repository, LiveSessions sessions, Placer placer, EngineLinks links) {
        this.repository = requireNonNull(repository, "repository");
        this.sessions = requireNonNull(sessions, "sessions");
        this.placer = requireNonNull(placer, "placer");
        this.links = requireNonNull(links, "links");
    }

    /** A connection to an engine that has the session open; what happens on the way is told to the listener. */
    CompletableFuture<EngineChannel> channelFor(LiveSession live, Consumer<String> listener) {
        SharedAttempt<EngineChannel> mine = new SharedAttempt<>();
        SharedAttempt<EngineChannel> attempt =
                Optional.ofNullable(attempts.putIfAbsent(live.id(), mine)).orElse(mine);
        CompletableFuture<EngineChannel> engine = attempt.join(listener);
        if (attempt == mine) {
            CompletableFuture<EngineChannel> unused = bound(live, mine::say).whenComplete((channel, failure) -> {
                attempts.remove(live.id());
                mine.end(channel, failure == null ? null : Failures.of(failure));
            });
        }
        return engine;
    }

    /** Closes the session in its engine, if it is bound to a living one. */
    CompletableFuture<Void> release(LiveSession live) {
        Optional<EngineChannel> connected = live.channel();
        if (connected.isPresent()) {
            return connected.get().closeSession(live.id());
        }
        return live.row()
                .engine()
                .map(tag -> links.channelTo(tag)
                        .thenCompose(found -> found.map(channel -> channel.closeSession(live.id()))
                                .orElseGet(() -> CompletableFuture.completedFuture(null))))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<EngineChannel> bound(LiveSession live, Consumer<String> say) {
        return sessions.load(live.id()).thenCompose(fresh -> {
            if (fresh.row().engine().isEmpty()) {
                return bind(fresh, say, MAX_TURNS);
            }
            return links.channelTo(fresh.row().engine().get())
                    .thenCompose(found -> found.isPresent() ? rejoin(fresh, found.get(), say) : move(fresh, say));
        });
    }

    /** The engine lives, but may have let the session go, which only its journal can bring back. */
    private CompletableFuture<EngineChannel> rejoin(LiveSession live, EngineChannel channel, Consumer<String> say) {
        if (isPinned(live)) {
            live.connected(channel);
            return CompletableFuture.completedFuture(channel);
        }
        return open(live, channel).exceptionallyCompose(failure -> {
            if (Failures.of(failure).code() == ErrorCode.ENGINE_UNREACHABLE) {
                return move(live, say); // it drains, and does not have the session
            }
            if (!Failures.isEngineGone(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            return links.isGone(channel.engine())
                    .thenCompose(gone -> gone ? move(live, say) : CompletableFuture.failedFuture(failure));
        });
    }

    private CompletableFuture<EngineChannel> move(LiveSession live, Consumer<String> say) {
        if (isPinned(live)) {
            return CompletableFuture.failedFuture(pinnedStateLost(live));
        }
        say.accept("The session's engine is gone; the session moves to another"
                + (live.row().journal().isEmpty() ? "" : " and its SET, USE and the like are replayed"));
        return bind(live, say, MAX_TURNS);
    }

    /** An engine may end between being found and being asked: looks again, but not for ever. */
    private CompletableFuture<EngineChannel> bind(LiveSession live, Consumer<String> say, int turns) {
        return placer.engineFor(live.session(), say).thenCompose(engine -> links.channelTo(engine)
                .thenCompose(channel -> open(live, channel))
                .exceptionallyCompose(failure -> {
                    if (turns == 1 || !Failures.isEngineGone(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    say.accept(Failures.of(failure).getMessage() + "; looking for another engine");
                    return links.isGone(engine).thenCompose(gone -> bind(live, say, turns - 1));
                }));
    }

    private CompletableFuture<EngineChannel> open(LiveSession live, EngineChannel channel) {
        return channel.openSession(
                        placer.specs().sessionFor(live.session(), live.row().journal()))
                .thenCompose(opened -> record(live, channel.engine().tag()))
                .thenApply(bound -> {
                    log.info(
                            "session is bound session={} engine={}",
                            live.id(),
                            channel.engine().tag());
                    live.bound(channel);
                    if (live.isClosed()) {
                        Failures.logged("Closing a session in its engine", live.id(), channel.closeSession(live.id()));
                        throw Failures.noSession(live.id());
                    }
                    return channel;
                });
    }

    private CompletableFuture<Void> record(LiveSession live, LaunchTag engine) {
        return live.row().engine().equals(Optional.of(engine))
                ? CompletableFuture.completedFuture(null)
                : repository.bind(live.id(), Optional.of(engine));
    }

    static GatewayException pinnedStateLost(LiveSession live) {
        return new GatewayException(
                ErrorCode.ENGINE_LOST,
                "The session's engine has ended or let the session go, and with it what only that engine had ("
                        + live.row().pinned() + "); open a new session");
    }

    private static boolean isPinned(LiveSession live) {
        return !live.row().pinned().isEmpty();
    }
}
