package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.LoginThrottle.Outcome;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Logging in, as frontends ask for it: a name that cannot be one is refused, and so is, for a few seconds, who has given too
 * many wrong passwords. Who asks while the same password of the same user is being checked shares the check. Thread-safe.
 */
public final class Logins {
    private static final int MAX_NAME = 256;

    private record Attempt(LoginThrottle.Source source, String user, Secret password) {}

    private final Authenticator authenticator;
    private final LoginThrottle throttle;
    private final Map<Attempt, CompletableFuture<Identity>> underWay = new HashMap<>();

    public Logins(Authenticator authenticator, Clock clock) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.throttle = new LoginThrottle(requireNonNull(clock, "clock"));
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
        Attempt attempt = new Attempt(LoginThrottle.Source.of(user, address), user, password);
        CompletableFuture<Identity> login = new CompletableFuture<>();
        synchronized (underWay) {
            CompletableFuture<Identity> same = underWay.get(attempt);
            if (same != null) {
                return same.copy();
            }
            Optional<String> refusal = throttle.begin(attempt.source);
            if (refusal.isPresent()) {
                return refused(refusal.get());
            }
            underWay.put(attempt, login);
        }
        check(user, password).whenComplete((identity, failure) -> {
            synchronized (underWay) {
                underWay.remove(attempt);
                throttle.end(attempt.source, outcome(failure));
            }
            if (failure == null) {
                login.complete(identity);
            } else {
                login.completeExceptionally(failure);
            }
        });
        return login.copy();
    }

    private CompletableFuture<Identity> check(String user, Secret password) {
        try {
            return authenticator.authenticate(user, password);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Outcome outcome(Throwable failure) {
        if (failure == null) {
            return Outcome.RIGHT;
        }
        return isWrongPassword(failure) ? Outcome.WRONG : Outcome.UNDECIDED;
    }

    private static boolean isWrongPassword(Throwable failure) {
        Throwable cause =
                failure.getCause() == null || failure instanceof GatewayException ? failure : failure.getCause();
        return cause instanceof GatewayException problem && problem.code() == ErrorCode.AUTHENTICATION_FAILED;
    }

    private static CompletableFuture<Identity> refused(String message) {
        return CompletableFuture.failedFuture(new GatewayException(ErrorCode.AUTHENTICATION_FAILED, message));
    }
}
