package io.torii.engine.yarn.agent.hadoop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a KDC is let alone between two logins. One that is silent is asked again soon; one that refuses is asked less and less
 * often, since a key that is out of date, shown again and again, gets its principal locked. Thread-safe.
 */
final class LoginPause {
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration REFUSED = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Optional<Path> keytab;
    private final Clock clock;
    private Instant since = Instant.MIN;
    private Duration length = SHORTEST;
    private Optional<FileTime> shown = Optional.empty();
    private Optional<FileTime> tried = Optional.empty();

    /** @param keytab whose change ends a pause */
    LoginPause(Optional<Path> keytab, Clock clock) {
        this.keytab = keytab;
        this.clock = clock;
    }

    synchronized boolean isOver() {
        return !clock.instant().isBefore(since.plus(length)) || !changed().equals(shown);
    }

    /** A login begins now, with the key that is in the keytab. */
    synchronized void loginBegins() {
        tried = changed();
    }

    /** A login has ended now, well or not. */
    synchronized void loginEnded(Optional<? extends Exception> failure) {
        boolean refused = failure.filter(LoginProblem::isRefusal).isPresent();
        Duration next = length.compareTo(REFUSED) < 0 ? REFUSED : length.multipliedBy(2);
        length = !refused ? SHORTEST : next.compareTo(LONGEST) < 0 ? next : LONGEST;
        since = clock.instant();
        shown = tried;
    }

    private Optional<FileTime> changed() {
        try {
            return keytab.isEmpty() ? Optional.empty() : Optional.of(Files.getLastModifiedTime(keytab.get()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
