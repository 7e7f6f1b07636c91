package io.torii.server.frontend.thrift;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One user, one password: alice, secret. */
final class OneUser implements Authenticator {
    @Override
    public CompletableFuture<Identity> authenticate(String user, Secret password) {
        return user.equals("alice") && password.value().equals("secret")
                ? CompletableFuture.completedFuture(new Identity(user, Set.of()))
                : CompletableFuture.failedFuture(
                        new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Unknown user or wrong password"));
    }

    @Override
    public CompletableFuture<Optional<Identity>> find(String user) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public boolean admitsAnyone() {
        return false;
    }
}
