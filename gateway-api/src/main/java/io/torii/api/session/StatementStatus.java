package io.torii.api.session;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A statement at one moment.
 *
 * @param failure present exactly if it failed
 * @param hasResultSet whether there is, or will be, something to fetch
 * @param progress how far it is, while that is known
 * @param startedAt when its engine began; empty before
 * @param endedAt when it ended; empty before
 */
public record StatementStatus(
        StatementState state,
        Optional<StatementFailure> failure,
        boolean hasResultSet,
        Optional<Progress> progress,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    public StatementStatus {
        requireNonNull(state, "state");
        requireNonNull(failure, "failure");
        requireNonNull(progress, "progress");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
    }

    public static StatementStatus of(StatementState state) {
        return new StatementStatus(state, Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static StatementStatus failed(StatementFailure failure, Instant endedAt) {
        return new StatementStatus(
                StatementState.FAILED,
                Optional.of(failure),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(endedAt));
    }
}
