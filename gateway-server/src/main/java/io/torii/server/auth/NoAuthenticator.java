package io.torii.server.auth;

import io.torii.api.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Believes every name and looks at no password; who gives none is {@code anonymous}. Immutable, thread-safe. */
public final class NoAuthenticator implements Authenticator {
    @Override
    public CompletableFuture<Identity> authenticate(String user, Secret password) {
        return CompletableFuture.completedFuture(new Identity(user.isBlank() ? "anonymous" : user, Set.of()));
    }

    @Override
    public CompletableFuture<Optional<Identity>> find(String user) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public boolean admitsAnyone() {
        return true;
    }
}
