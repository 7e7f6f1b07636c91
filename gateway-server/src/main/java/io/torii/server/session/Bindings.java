package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.session.SessionId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.SharedAttempt;
import io.torii.server.engine.SharedAttempts;
import io.torii.server.engine.UnknownSession;
import io.torii.server.store.SessionRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds sessions to engines: the one a session has, if it lives, else a new one, with the session's journal replayed.
 * Statements of one session that need an engine at the same time share one attempt. Blocks no thread. Thread-safe.
 */
public final class Bindings {
    private static final Logger log = LoggerFactory.getLogger(Bindings.class);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

    private final Seams seams;
    private final SharedAttempts<SessionId, EngineChannel> attempts = new SharedAttempts<>();

    public Bindings(
            SessionRepository repository, LiveSessions sessions, Placer placer, EngineLinks links, Timers timers) {
        this.seams = new Seams(repository, sessions, placer, links, timers);
    }

    /** What a binding goes through. */
    record Seams(SessionRepository repository, LiveSessions sessions, Placer placer, EngineLinks links, Timers timers) {
        Seams {
            requireNonNull(repository, "repository");
            requireNonNull(sessions, "sessions");
            requireNonNull(placer, "placer");
            requireNonNull(links, "links");
            requireNonNull(timers, "timers");
        }
    }

    /** A connection to an engine that has the session open; what happens on the way is told to the listener. */
    CompletableFuture<EngineChannel> channelFor(LiveSession live, Consumer<String> listener) {
        return shared(live, listener, attempt -> bound(live.id(), attempt));
    }

    /** What cannot be told now is told on the long way. */
    private Optional<Placer.Known> known(LiveSession live) {
        try {
            return live.row().engine().isPresent()
                    ? Optional.empty()
                    : seams.placer().known(live.session());
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
        Runnable noTimer = seams.timers().after(A_MOMENT, () -> soon.complete(Optional.empty()));
        engine.whenComplete((channel, failure) -> {
            noTimer.run();
            soon.complete(Optional.ofNullable(channel));
        });
        soon.thenAccept(channel -> {
            if (channel.isEmpty()) {
                // whoever asked has joined by then to wait, or wants it no more
                seams.timers().after(A_MOMENT, () -> engine.cancel(false));
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
        return seams.links().channelTo(engine).thenCompose(found -> found.map(
                        channel -> channel.closeSession(id).exceptionally(failure -> {
                            if (!(Failures.cause(failure) instanceof UnknownSession)) {
                                throw Failures.of(failure);
                            }
                            Runnable unused = seams.timers()
                                    .after(
                                            ON_ITS_WAY,
                                            () -> Failures.logged(
                                                    "Closing a session in its engine",
                                                    id,
                                                    Binding.closed(id, channel)));
                            return null;
                        }))
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /** Without a look at the store; empty if anything is not as it was thought to be. */
    private CompletableFuture<Optional<EngineChannel>> first(
            LiveSession live, Placer.Known known, SharedAttempt<EngineChannel> attempt) {
        return seams.links()
                .channelTo(known.engine())
                .thenCompose(channel -> new Binding(seams, live, List.of(), attempt).openNew(channel))
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
        return seams.sessions().load(id).thenCompose(live -> seams.repository()
                .journal(id)
                .thenCompose(journal -> new Binding(seams, live, journal, attempt).run()));
    }
}
