package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.JournalLine;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The states of statements, wherever they are, with waits for their changes. What a statement did to its session is in the
 * store before anybody hears that it has ended. Thread-safe.
 */
public final class StatementStates {
    private static final Duration LOOK_AT_ROW_EVERY = Duration.ofMillis(250);
    private static final Duration LOOK_AT_ENGINE_EVERY = Duration.ofMillis(300);

    private final StatementRelay relay;
    private final EarlyEnds ends;
    private final SessionRepository repository;
    private final Clock clock;
    private final Timers timers;

    public StatementStates(
            StatementRelay relay, EarlyEnds ends, SessionRepository repository, Clock clock, Timers timers) {
        this.relay = requireNonNull(relay, "relay");
        this.ends = requireNonNull(ends, "ends");
        this.repository = requireNonNull(repository, "repository");
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
    }

    /**
     * The state now or, if it is not terminal, once it changes or the wait is over. Fails with ENGINE_LOST if the statement has
     * gone with its engine.
     */
    CompletableFuture<StatementStatus> status(LiveSession live, StatementId id, Duration wait) {
        return until(live, id, clock.instant().plus(wait));
    }

    private CompletableFuture<StatementStatus> until(LiveSession live, StatementId id, Instant deadline) {
        Optional<GatewayStatement> held = live.statement(id);
        if (held.isEmpty()) {
            return ofEngine(live, id, deadline);
        }
        Phase phase = held.get().phase();
        if (phase instanceof Phase.Ended ended) {
            return CompletableFuture.completedFuture(ended.status());
        }
        if (phase instanceof Phase.Sent) {
            return ofEngine(live, id, deadline);
        }
        return after(held.get().changeFrom(phase), deadline, () -> until(live, id, deadline));
    }

    private CompletableFuture<StatementStatus> ofEngine(LiveSession live, StatementId id, Instant deadline) {
        Optional<EarlyEnd> early = ends.of(id);
        if (early.isPresent()) {
            return CompletableFuture.completedFuture(early.get().status().status());
        }
        return relay.ask(
                live,
                id,
                new StatementRelay.Request<>(
                        engine -> engine.status(id, left(deadline)).thenCompose(status -> recorded(live, id, status)),
                        row -> ofRow(live, row, deadline),
                        true));
    }

    private CompletableFuture<StatementStatus> ofRow(LiveSession live, StoredStatement row, Instant deadline) {
        if (row.state().isTerminal()) {
            return CompletableFuture.completedFuture(ended(row));
        }
        Instant next = clock.instant().plus(LOOK_AT_ROW_EVERY);
        Instant soon = next.isBefore(deadline) ? next : deadline;
        return left(deadline).isZero()
                ? CompletableFuture.completedFuture(StatementStatus.of(StatementState.PENDING))
                : after(new CompletableFuture<>(), soon, () -> until(live, row.id(), deadline))
                        .thenCompose(status -> status.state() == StatementState.PENDING
                                ? until(live, row.id(), deadline)
                                : CompletableFuture.completedFuture(status));
    }

    static StatementStatus ended(StoredStatement row) {
        return row.failure()
                .map(failure -> StatementStatus.failed(failure, row.submittedAt()))
                .orElseGet(() -> GatewayStatement.ended(row.state(), row.submittedAt()));
    }

    /** What comes next after the change, or PENDING if the deadline comes first. */
    private CompletableFuture<StatementStatus> after(
            CompletableFuture<?> change, Instant deadline, Supplier<CompletableFuture<StatementStatus>> next) {
        Duration left = left(deadline);
        if (left.isZero()) {
            change.cancel(false);
            return CompletableFuture.completedFuture(StatementStatus.of(StatementState.PENDING));
        }
        Runnable noTimer = timers.after(left, () -> change.cancel(false));
        return change.handle((changed, cancelled) -> cancelled == null).thenCompose(changed -> {
            noTimer.run();
            return changed ? next.get() : CompletableFuture.completedFuture(StatementStatus.of(StatementState.PENDING));
        });
    }

    /** Whether it is still open where it is; a doubt counts as yes. */
    CompletableFuture<Boolean> isOpen(LiveSession live, StatementId id) {
        return answered(live, id).thenApply(there -> true).exceptionally(failure -> {
            ErrorCode code = Failures.codeOf(failure);
            boolean gone = code == ErrorCode.INVALID_HANDLE || code == ErrorCode.ENGINE_LOST;
            if (gone) {
                boolean unused = ends.forget(id);
            }
            return !gone;
        });
    }

    /** Completes if the statement is where it should be, whatever its state. */
    private CompletableFuture<Void> answered(LiveSession live, StatementId id) {
        return relay.ask(
                live,
                id,
                new StatementRelay.Request<>(
                        engine -> engine.status(id, Duration.ZERO).thenAccept(known -> {}),
                        row -> CompletableFuture.completedFuture(null),
                        true));
    }

    /** Whether it has gone with its engine, of which nothing is heard: looks until that is known, or the time is over. */
    CompletableFuture<Boolean> isLost(LiveSession live, StatementId id, Duration patience) {
        return isLost(live, id, clock.instant().plus(patience));
    }

    private CompletableFuture<Boolean> isLost(LiveSession live, StatementId id, Instant deadline) {
        return answered(live, id).thenApply(there -> false).exceptionallyCompose(failure -> {
            ErrorCode code = Failures.codeOf(failure);
            if (code != ErrorCode.ENGINE_UNREACHABLE || left(deadline).isZero()) {
                return CompletableFuture.completedFuture(code == ErrorCode.ENGINE_LOST);
            }
            CompletableFuture<Void> later = new CompletableFuture<>();
            Runnable unused = timers.after(LOOK_AT_ENGINE_EVERY, () -> later.complete(null));
            return later.thenCompose(now -> isLost(live, id, deadline));
        });
    }

    /** A statement has been sent, and perhaps has ended: what it did to its session is recorded before anybody is told. */
    CompletableFuture<Void> sent(LiveSession live, StatementId id, Optional<EarlyEnd> early) {
        if (early.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return recorded(live, id, early.get().status()).handle((recorded, failure) -> {
            if (failure == null) {
                ends.keep(id, early.get());
            }
            return null; // who asks for its state tries again
        });
    }

    private CompletableFuture<StatementStatus> recorded(LiveSession live, StatementId id, EngineStatus status) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (JournalLine line : status.journal()) {
            StatementId changed = new StatementId(live.id(), line.statement());
            done = done.thenCompose(before -> repository.appendJournal(changed, line.sql()));
        }
        if (!status.journal().isEmpty()) {
            done = done.thenRun(() -> live.channel()
                    .ifPresent(engine -> Failures.logged(
                            "Telling that a journal is stored",
                            id,
                            engine.journalStored(live.id(), status.journal()))));
        }
        Optional<String> pinned =
                status.pinned().filter(reason -> live.row().pinned().isEmpty());
        if (pinned.isPresent()) {
            done = done.thenCompose(journalled -> repository.pin(live.id(), pinned.get()))
                    .thenRun(() -> live.pinned(pinned.get()));
        }
        return done.thenApply(recorded -> status.status());
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
