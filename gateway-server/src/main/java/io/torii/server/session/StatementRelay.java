package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.UnknownSession;
import io.torii.server.engine.UnknownStatement;
import io.torii.server.store.StatementRepository;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries a request about a statement to where the statement is: its engine or, if it has not got there, its row.
 * Thread-safe.
 */
public final class StatementRelay {
    private final LiveSessions sessions;
    private final StatementRepository repository;
    private final EngineLinks links;

    public StatementRelay(LiveSessions sessions, StatementRepository repository, EngineLinks links) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.repository = requireNonNull(repository, "repository");
        this.links = requireNonNull(links, "links");
    }

    /**
     * A request that can be made in either place.
     *
     * @param repeatable whether the engine may be asked twice, if its first answer is lost
     */
    record Request<T>(
            Function<EngineChannel, CompletableFuture<T>> ofEngine,
            Function<StoredStatement, CompletableFuture<T>> ofRow,
            boolean repeatable) {}

    /**
     * Fails with INVALID_HANDLE if the statement is nowhere, which is then forgotten here too, and with ENGINE_LOST if it
     * has gone with its engine.
     */
    <T> CompletableFuture<T> ask(LiveSession live, StatementId id, Request<T> request) {
        return answer(live, id, request).whenComplete((answer, failure) -> {
            if (failure != null && Failures.codeOf(failure) == ErrorCode.INVALID_HANDLE) {
                live.forget(id);
            }
        });
    }

    private <T> CompletableFuture<T> answer(LiveSession live, StatementId id, Request<T> request) {
        Optional<EngineChannel> channel = live.channel();
        Optional<LaunchTag> ran = live.engineOf(id);
        if (ran.isPresent() && channel.isPresent() && !ran.get().equals(tag(channel.get()))) {
            return CompletableFuture.failedFuture(Failures.engineLost(id));
        }
        if (channel.isEmpty()) {
            return askStore(live, id, request);
        }
        return request.ofEngine()
                .apply(channel.get())
                .exceptionallyCompose(failure -> recover(live, id, request, channel.get(), failure));
    }

    private <T> CompletableFuture<T> recover(
            LiveSession live, StatementId id, Request<T> request, EngineChannel channel, Throwable failure) {
        if (isUnknown(failure)) {
            return rowOr(id, request, () -> sessions.load(id.session())
                    .thenCompose(fresh -> moved(fresh, channel)
                            ? askEngine(fresh, id, request)
                            : CompletableFuture.failedFuture(Failures.noStatement(id))));
        }
        if (!Failures.isEngineGone(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        live.disconnected(channel);
        return links.isGone(channel.engine()).thenCompose(gone -> {
            if (gone) {
                return CompletableFuture.failedFuture(Failures.engineLost(id));
            }
            return request.repeatable()
                    ? askEngine(live, id, request)
                    : CompletableFuture.failedFuture(unreachable(failure));
        });
    }

    /** This gateway does not know where the session runs: nothing is asked of an engine that a row can answer. */
    private <T> CompletableFuture<T> askStore(LiveSession live, StatementId id, Request<T> request) {
        return rowOr(id, request, () -> sessions.load(live.id()).thenCompose(fresh -> askEngine(fresh, id, request)));
    }

    private <T> CompletableFuture<T> rowOr(
            StatementId id, Request<T> request, Supplier<CompletableFuture<T>> otherwise) {
        return repository
                .find(id)
                .thenCompose(row -> row.isPresent() ? request.ofRow().apply(row.get()) : otherwise.get());
    }

    private <T> CompletableFuture<T> askEngine(LiveSession live, StatementId id, Request<T> request) {
        Optional<LaunchTag> bound = live.row().engine();
        if (bound.isEmpty()) {
            return CompletableFuture.failedFuture(Failures.noStatement(id));
        }
        if (live.engineOf(id).filter(ran -> !ran.equals(bound.get())).isPresent()) {
            return CompletableFuture.failedFuture(Failures.engineLost(id));
        }
        return links.channelTo(bound.get()).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.failedFuture(Failures.engineLost(id));
            }
            live.connected(found.get());
            return request.ofEngine()
                    .apply(found.get())
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                            isUnknown(failure) ? Failures.noStatement(id) : unreachable(failure)));
        });
    }

    /** A living engine's lost answer says nothing about the statement. */
    private static Throwable unreachable(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return Failures.isEngineGone(cause)
                ? new GatewayException(ErrorCode.ENGINE_UNREACHABLE, cause.getMessage(), cause)
                : cause;
    }

    private static boolean moved(LiveSession live, EngineChannel asked) {
        return live.row().engine().filter(tag -> !tag.equals(tag(asked))).isPresent();
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof UnknownStatement || cause instanceof UnknownSession;
    }

    private static LaunchTag tag(EngineChannel channel) {
        return channel.engine().tag();
    }
}
