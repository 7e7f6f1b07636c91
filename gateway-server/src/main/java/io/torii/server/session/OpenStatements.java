package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.StatementId;
import io.torii.server.session.GatewayStatement.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What has become of statements that nobody asks for, as their engines know it. Of statements that were submitted before
 * this gateway started it knows those that were asked for since. Thread-safe.
 */
public final class OpenStatements {
    private static final int MOST_ASKED_FOR = 100;
    private static final Duration LATELY = Duration.ofSeconds(10);
    private static final Set<ErrorCode> GONE = EnumSet.of(ErrorCode.INVALID_HANDLE, ErrorCode.ENGINE_LOST);

    private final StatementStates states;
    private final Clock clock;

    public OpenStatements(StatementStates states, Clock clock) {
        this.states = requireNonNull(states, "states");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Whether a statement of the session waits or runs; fails if its engine lives but cannot say. */
    CompletableFuture<Boolean> isAtWork(LiveSession live) {
        return anyAtWork(live, live.lastUsed(MOST_ASKED_FOR).iterator());
    }

    /** Forgets statements that were closed elsewhere, at other gateways that is, if they were not used here lately. */
    CompletableFuture<Void> recount(LiveSession live) {
        CompletableFuture<?>[] looks = live.unusedSince(clock.instant().minus(LATELY)).stream()
                .limit(MOST_ASKED_FOR)
                .map(id -> states.isOpen(live, id).thenAccept(isOpen -> {
                    if (!isOpen) {
                        live.forget(id);
                    }
                }))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(looks);
    }

    /** Forgets statements that were not used since then, have ended, and hold nothing that only this gateway has. */
    void forgetUnused(LiveSession live, Instant before) {
        for (StatementId id : live.unusedSince(before)) {
            boolean elsewhere = live.statement(id)
                    .map(GatewayStatement::phase)
                    .map(Phase.Sent.class::isInstance)
                    .orElse(true);
            if (elsewhere) {
                live.used(id, clock.instant());
                Failures.logged(
                        "Looking for a statement", id, isAtWork(live, id).thenAccept(atWork -> {
                            if (!atWork) {
                                live.forget(id);
                            }
                        }));
            }
        }
    }

    private CompletableFuture<Boolean> anyAtWork(LiveSession live, Iterator<StatementId> ids) {
        return ids.hasNext()
                ? isAtWork(live, ids.next())
                        .thenCompose(atWork -> atWork ? CompletableFuture.completedFuture(true) : anyAtWork(live, ids))
                : CompletableFuture.completedFuture(false);
    }

    private CompletableFuture<Boolean> isAtWork(LiveSession live, StatementId id) {
        return states.status(live, id, Duration.ZERO)
                .thenApply(status -> !status.state().isTerminal())
                .exceptionallyCompose(failure -> GONE.contains(Failures.codeOf(failure))
                        ? CompletableFuture.completedFuture(false)
                        : CompletableFuture.failedFuture(failure));
    }
}
