package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How long something may take: users may ask for less than the administrator has set, and for more only if they have been
 * allowed to. Zero is for ever. Immutable.
 *
 * @param mayBeExceeded whether users may ask for more
 */
public record TimeLimit(Duration limit, boolean mayBeExceeded) {
    public TimeLimit {
        requireNonNull(limit, "limit");
    }

    /** What comes of what was asked for. */
    Duration of(Optional<Duration> asked) {
        return asked.filter(this::allows).orElse(limit);
    }

    boolean allows(Duration asked) {
        return limit.isZero() || mayBeExceeded || (!asked.isZero() && asked.compareTo(limit) <= 0);
    }

    /** Tells the user what became of a wish that is too long. */
    Optional<String> remark(String setting, Duration asked) {
        return allows(asked)
                ? Optional.empty()
                : Optional.of(setting + " is " + limit + ", the most that the administrator allows");
    }
}
