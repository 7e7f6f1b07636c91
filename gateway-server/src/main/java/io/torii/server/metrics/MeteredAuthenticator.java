package io.torii.server.metrics;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Counts whom another authenticator admits and refuses. Thread-safe. */
public final class MeteredAuthenticator implements Authenticator {
    private final Authenticator authenticator;
    private final GatewayMetrics metrics;

    public MeteredAuthenticator(Authenticator authenticator, GatewayMetrics metrics) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    @Override
    public CompletableFuture<Identity> authenticate(String user, Secret password) {
        return authenticator.authenticate(user, password).whenComplete((identity, failure) -> {
            metrics.login(failure == null ? "admitted" : isRefusal(failure) ? "refused" : "undecided");
        });
    }

    @Override
    public CompletableFuture<Optional<Identity>> find(String user) {
        return authenticator.find(user);
    }

    @Override
    public boolean admitsAnyone() {
        return authenticator.admitsAnyone();
    }

    private static boolean isRefusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GatewayException known && known.code() == ErrorCode.AUTHENTICATION_FAILED;
    }
}
