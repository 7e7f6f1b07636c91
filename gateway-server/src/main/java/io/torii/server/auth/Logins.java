package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Logging in, as frontends ask for it: a name that cannot be one is refused, and so is, for a few seconds, a user who has
 * just given several wrong passwords from the same address. Thread-safe.
 */
public final class Logins {
    private static final int MAX_NAME = 256;
    private static final int FREE_FAILURES = 5;
    private static final int REMEMBERED = 10_000;
    private static final Duration FORGET = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private record Source(String user, String address) {
        /** Directories do not care for case and spaces: another spelling must not be another five tries. */
        static Source of(String user, String address) {
            return new Source(user.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT), address);
        }
    }

    private record Failures(int count, long lastMillis) {}

    private final Authenticator authenticator;
    private final Clock clock;
    private final Map<Source, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Logins(Authenticator authenticator, Clock clock) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.clock = requireNonNull(clock, "clock");
    }

    public boolean admitsAnyone() {
        return authenticator.admitsAnyone();
    }

    /**
     * Fails as {@link Authenticator#authenticate} does.
     *
     * @param address the client's IP address
     */
    public CompletableFuture<Identity> login(String user, Secret password, String address) {
        if (user.length() > MAX_NAME || user.chars().anyMatch(Character::isISOControl)) {
            return refused("A user name must have at most " + MAX_NAME + " characters and no control characters");
        }
        Source source = Source.of(user, address);
        long pause = pauseMillis(source);
        if (pause > 0) {
            return refused("Too many failed logins of " + user + " from " + address + "; try again in "
                    + (pause + 999) / 1000 + " s");
        }
        return authenticator.authenticate(user, password).whenComplete((identity, failure) -> {
            if (failure == null) {
                forget(source);
            } else if (isWrongPassword(failure)) {
                remember(source);
            }
        });
    }

    private static boolean isWrongPassword(Throwable failure) {
        Throwable cause =
                failure.getCause() == null || failure instanceof GatewayException ? failure : failure.getCause();
        return cause instanceof GatewayException problem && problem.code() == ErrorCode.AUTHENTICATION_FAILED;
    }

    private long pauseMillis(Source source) {
        synchronized (failures) {
            Failures known = failures.get(source);
            if (known == null || known.count < FREE_FAILURES) {
                return 0;
            }
            long doubled = 1000L << Math.min(known.count - FREE_FAILURES, 5);
            return known.lastMillis + Math.min(doubled, LONGEST_PAUSE.toMillis()) - clock.millis();
        }
    }

    private void remember(Source source) {
        long now = clock.millis();
        synchronized (failures) {
            Failures known = failures.get(source);
            boolean fresh = known == null || now - known.lastMillis > FORGET.toMillis();
            failures.put(source, new Failures(fresh ? 1 : known.count + 1, now));
        }
    }

    private void forget(Source source) {
        synchronized (failures) {
            failures.remove(source);
        }
    }

    private static CompletableFuture<Identity> refused(String message) {
        return CompletableFuture.failedFuture(new GatewayException(ErrorCode.AUTHENTICATION_FAILED, message));
    }
}
