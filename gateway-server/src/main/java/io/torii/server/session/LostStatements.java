package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EngineEnds;
import io.torii.server.engine.Handover;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.session.SentStatements.Sent;
import io.torii.server.sql.StatementKind;
import io.torii.server.store.SessionRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * What becomes of statements whose engine has died: a read that this gateway has sent, and of which nobody can have had a
 * row, runs again under its id on the session's next engine; anything else fails, and says whether it may have run. While an
 * engine is silent and nobody knows yet, its statements keep the state that they had. Blocks no thread. Thread-safe.
 */
public final class LostStatements {
    /** One that has taken two engines with it, by using up their memory perhaps, is not given a third. */
    private static final int MOST_RUNS = 2;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final StatementStates states;
    private final SentStatements sent;
    private final EarlyEnds ends;
    private final EngineEnds engines;
    private final WaitingStatements waiting;
    private final SessionRepository repository;
    private final Executor parser;
    private final Clock clock;
    private final Duration patience;
    private final Map<StatementId, CompletableFuture<Boolean>> moving = new ConcurrentHashMap<>();
    private final Map<StatementId, Instant> silentSince = new ConcurrentHashMap<>();

    /**
     * @param parser may be blocked for seconds
     * @param patience how long an engine may be silent before its statements' clients are told so
     */
    public LostStatements(
            StatementStates states,
            SentStatements sent,
            EarlyEnds ends,
            EngineEnds engines,
            WaitingStatements waiting,
            SessionRepository repository,
            Executor parser,
            Clock clock,
            Duration patience) {
        this.states = requireNonNull(states, "states");
        this.sent = requireNonNull(sent, "sent");
        this.ends = requireNonNull(ends, "ends");
        this.engines = requireNonNull(engines, "engines");
        this.waiting = requireNonNull(waiting, "waiting");
        this.repository = requireNonNull(repository, "repository");
        this.parser = requireNonNull(parser, "parser");
        this.clock = requireNonNull(clock, "clock");
        this.patience = requireNonNull(patience, "patience");
    }

    /** As {@link StatementStates#status}; a statement that is lost has failed, unless it runs again. */
    CompletableFuture<StatementStatus> status(LiveSession live, StatementId id, Duration wait) {
        int runs = sent.runs(id);
        Instant deadline = clock.instant().plus(wait);
        return states.status(live, id, wait)
                .thenCompose(status -> {
                    silentSince.remove(id);
                    sent.told(id, status);
                    return explained(live, id, status);
                })
                .exceptionallyCompose(failure -> switch (Failures.codeOf(failure)) {
                    case ENGINE_LOST -> lost(live, id, runs, deadline);
                    case ENGINE_UNREACHABLE -> silent(id, failure);
                    default -> CompletableFuture.failedFuture(failure);
                });
    }

    /** The state now; a statement that is lost has failed, as far as is known. */
    CompletableFuture<StatementStatus> look(LiveSession live, StatementId id) {
        return states.status(live, id, Duration.ZERO)
                .exceptionallyCompose(failure -> Failures.codeOf(failure) == ErrorCode.ENGINE_LOST
                        ? failed(live, id)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<StatementStatus> failed(LiveSession live, StatementId id) {
        return why(live, id)
                .thenApply(reason ->
                        StatementStatus.failed(StatementFailure.of(Failures.engineLost(id, reason)), clock.instant()));
    }

    /** An engine that somebody ends says so for its statements, and does not know who. */
    private CompletableFuture<StatementStatus> explained(LiveSession live, StatementId id, StatementStatus status) {
        Optional<StatementFailure> lost =
                status.failure().filter(failure -> failure.code() == ErrorCode.ENGINE_LOST.number());
        return lost.isEmpty()
                ? CompletableFuture.completedFuture(status)
                : why(live, id).thenApply(reason -> reason.map(words -> because(words, lost.get(), status))
                        .orElse(status));
    }

    private static StatementStatus because(String reason, StatementFailure failure, StatementStatus status) {
        StatementFailure explained = new StatementFailure(
                failure.sqlState(), failure.code(), failure.message() + " (" + reason + ")", failure.details());
        return new StatementStatus(
                status.state(),
                Optional.of(explained),
                status.hasResultSet(),
                status.progress(),
                status.startedAt(),
                status.endedAt());
    }

    private CompletableFuture<Optional<String>> why(LiveSession live, StatementId id) {
        return live.engineOf(id).map(engines::why).orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /** The answer to a question about the statement's result, from its next engine if the one that had it has died. */
    <T> CompletableFuture<T> ofResult(LiveSession live, StatementId id, Supplier<CompletableFuture<T>> question) {
        int runs = sent.runs(id);
        return question.get().exceptionallyCompose(failure -> isLost(live, id, runs, failure)
                .thenCompose(lost -> lost ? runAgain(live, id, runs) : CompletableFuture.completedFuture(false))
                .thenCompose(again -> again
                        ? ended(live, id).thenCompose(ended -> ofResult(live, id, question))
                        : CompletableFuture.failedFuture(failure)));
    }

    /** An engine may break off its answer a moment before anybody can see that it has ended. */
    private CompletableFuture<Boolean> isLost(LiveSession live, StatementId id, int runs, Throwable failure) {
        ErrorCode code = Failures.codeOf(failure);
        return runs > 0 && code == ErrorCode.ENGINE_UNREACHABLE
                ? states.isLost(live, id, patience)
                        .thenApply(lost -> lost || sent.runs(id) > runs || isOnItsWay(live, id))
                : CompletableFuture.completedFuture(code == ErrorCode.ENGINE_LOST);
    }

    /**
     * Rows of the statement, of which some are handed out with the answer. Where this gateway has not sent it, the one that
     * has is told before by way of the store: it must not run again then.
     */
    CompletableFuture<Body> rows(LiveSession live, StatementId id, Supplier<CompletableFuture<Body>> fetch) {
        CompletableFuture<Void> known =
                sent.runs(id) > 0 || live.isRoaming() || live.engineOf(id).isPresent()
                        ? CompletableFuture.completedFuture(null)
                        : repository.markRoaming(live.id()).thenRun(live::roams);
        return known.thenCompose(marked -> ofResult(live, id, fetch)).thenApply(body -> {
            sent.forget(id);
            return body;
        });
    }

    /** The statement has been closed, or is to end: it does not run again. */
    void forget(StatementId id) {
        sent.forget(id);
        silentSince.remove(id);
    }

    private CompletableFuture<StatementStatus> lost(LiveSession live, StatementId id, int runs, Instant deadline) {
        Optional<Sent> finished = sent.find(id).filter(known -> known.told().isPresent());
        if (finished.isPresent()) { // its rows are computed again once they are asked for
            return mayRunAgain(live, finished.get())
                    .thenCompose(may -> may
                            ? CompletableFuture.completedFuture(
                                    finished.get().told().get())
                            : failed(live, id));
        }
        return runAgain(live, id, runs).thenCompose(again -> {
            Duration left = Duration.between(clock.instant(), deadline);
            return again ? status(live, id, left.isNegative() ? Duration.ZERO : left) : failed(live, id);
        });
    }

    private CompletableFuture<StatementStatus> silent(StatementId id, Throwable failure) {
        Instant now = clock.instant();
        // of those that nobody asks for any more
        silentSince.values().removeIf(since -> since.plus(patience.multipliedBy(2))
                .isBefore(now));
        Instant since = silentSince.computeIfAbsent(id, unheard -> now);
        if (sent.runs(id) > 0 && now.isBefore(since.plus(patience))) {
            return CompletableFuture.completedFuture(
                    sent.find(id).flatMap(Sent::told).orElseGet(() -> StatementStatus.of(StatementState.RUNNING)));
        }
        silentSince.remove(id);
        return CompletableFuture.failedFuture(failure);
    }

    /**
     * Once, whoever asks meanwhile.
     *
     * @param runs how many engines had got it before it was found to be lost: if more have, it runs again already
     */
    private CompletableFuture<Boolean> runAgain(LiveSession live, StatementId id, int runs) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = moving.putIfAbsent(id, mine);
        if (other != null) {
            return other.copy();
        }
        CompletableFuture<Boolean> unused = moved(live, id, runs).whenComplete((again, failure) -> {
            moving.remove(id);
            if (failure == null) {
                mine.complete(again);
            } else {
                mine.completeExceptionally(Failures.cause(failure));
            }
        });
        return mine.copy();
    }

    private CompletableFuture<Boolean> moved(LiveSession live, StatementId id, int runs) {
        Optional<Sent> known = sent.find(id);
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        if (known.get().runs() > runs || isOnItsWay(live, id)) {
            return CompletableFuture.completedFuture(true);
        }
        return mayRunAgain(live, known.get()).thenCompose(may -> {
            if (!may || sent.runs(id) == 0) { // or it was closed or cancelled meanwhile
                sent.forget(id);
                return CompletableFuture.completedFuture(false);
            }
            StatementLog log = live.statement(id).map(GatewayStatement::log).orElseGet(StatementLog::new);
            GatewayStatement statement =
                    new GatewayStatement(id, known.get().work(), known.get().submittedAt(), Handover.ARRIVED, log);
            log.add("The engine has ended; the statement changes nothing and runs again");
            ends.forget(id);
            return waiting.acceptAgain(live, statement).thenApply(accepted -> true);
        });
    }

    private CompletableFuture<Boolean> mayRunAgain(LiveSession live, Sent statement) {
        if (statement.runs() >= MOST_RUNS || !live.row().pinned().isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return isRead(statement.work())
                .thenCompose(read -> read
                        ? repository.isRoaming(live.id()).thenApply(roaming -> !roaming)
                        : CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Boolean> isRead(Work work) {
        if (!(work instanceof Work.Sql sql)) {
            return CompletableFuture.completedFuture(work instanceof Work.Metadata);
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> StatementKind.of(sql.request().sql()) == StatementKind.READ, parser);
        } catch (RejectedExecutionException busy) {
            return CompletableFuture.failedFuture(new GatewayException(
                    ErrorCode.ENGINE_UNREACHABLE, "The gateway is too busy to say what became of a statement", busy));
        }
    }

    private static boolean isOnItsWay(LiveSession live, StatementId id) {
        return live.statement(id)
                .map(GatewayStatement::phase)
                .filter(phase -> !(phase instanceof Phase.Sent))
                .isPresent();
    }

    /** Completes once the statement has ended on its next engine, or is lost there too: before that it has no result. */
    private CompletableFuture<Void> ended(LiveSession live, StatementId id) {
        return states.status(live, id, LOOK_EVERY)
                .handle((status, failure) -> failure != null || status.state().isTerminal())
                .thenCompose(over -> over ? CompletableFuture.completedFuture(null) : ended(live, id));
    }
}
