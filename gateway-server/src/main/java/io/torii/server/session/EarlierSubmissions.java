package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementId;
import io.torii.server.store.StatementRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Statements that wait for an engine, and whose gateway has died: what their clients submit again is those statements. Of
 * what the engines have got, they know it themselves. Blocks no thread. Thread-safe.
 */
public final class EarlierSubmissions {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final StatementRepository repository;
    private final WaitingStatements waiting;
    private final Clock clock;
    private final Timers timers;
    private final Duration patience;

    /** @param patience after which a gateway whose statement still waits must be alive: longer than its lease */
    public EarlierSubmissions(
            StatementRepository repository, WaitingStatements waiting, Clock clock, Timers timers, Duration patience) {
        this.repository = requireNonNull(repository, "repository");
        this.waiting = requireNonNull(waiting, "waiting");
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
        this.patience = requireNonNull(patience, "patience");
    }

    /** One that this gateway has taken over; from now on this gateway answers for it. */
    Optional<StatementId> here(LiveSession live, Work work) {
        return live.statements().stream()
                .filter(statement -> isSame(statement.work(), work) && statement.tryClaim())
                .map(GatewayStatement::id)
                .findFirst();
    }

    /**
     * One that this gateway has taken over or can take over. Where another gateway has the same statement it waits until that
     * one has died or its engine has got the statement; fails with ANSWER_IN_DOUBT if neither comes about.
     */
    CompletableFuture<Optional<StatementId>> anywhere(LiveSession live, Work work) {
        return work instanceof Work.Sql sql
                ? anywhere(live, sql, clock.instant().plus(patience))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletableFuture<Optional<StatementId>> anywhere(LiveSession live, Work.Sql work, Instant deadline) {
        return isElsewhere(live, work).thenCompose(elsewhere -> {
            Optional<StatementId> here = here(live, work);
            return here.isPresent() || !elsewhere
                    ? CompletableFuture.completedFuture(here)
                    : waiting.takeOver().thenCompose(taken -> afterTaking(live, work, deadline));
        });
    }

    private CompletableFuture<Optional<StatementId>> afterTaking(LiveSession live, Work.Sql work, Instant deadline) {
        Optional<StatementId> here = here(live, work);
        if (here.isPresent()) {
            return CompletableFuture.completedFuture(here);
        }
        return isElsewhere(live, work).thenCompose(elsewhere -> {
            if (!elsewhere) {
                return CompletableFuture.completedFuture(Optional.empty()); // its engine has it
            }
            if (!clock.instant().isBefore(deadline)) {
                return CompletableFuture.failedFuture(new GatewayException(
                        ErrorCode.ANSWER_IN_DOUBT,
                        "Another gateway has the same statement of this session, which waits for its engine; try again once"
                                + " that has ended"));
            }
            return pause().thenCompose(paused -> anywhere(live, work, deadline));
        });
    }

    /** Whether the same statement waits for another gateway to send it. */
    private CompletableFuture<Boolean> isElsewhere(LiveSession live, Work.Sql work) {
        return repository.waitingLike(live.id(), work.request()).thenApply(same -> same.stream()
                .anyMatch(id -> live.statement(id).isEmpty()));
    }

    private CompletableFuture<Void> pause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Runnable unused = timers.after(PAUSE, () -> over.complete(null));
        return over;
    }

    private static boolean isSame(Work earlier, Work work) {
        return earlier instanceof Work.Sql first
                && work instanceof Work.Sql second
                && first.request().sql().equals(second.request().sql())
                && first.request().overlay().equals(second.request().overlay());
    }
}
