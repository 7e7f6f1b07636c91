package io.torii.server.auth;

import io.torii.api.Secret;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Decides whether a name and password are those of a user. Thread-safe. */
public interface Authenticator {
    /**
     * Fails with AUTHENTICATION_FAILED, in words that do not tell an unknown user from a wrong password, or with another
     * GatewayException if it cannot be decided. Returns at once.
     */
    CompletableFuture<Identity> authenticate(String user, Secret password);

    /**
     * A user who has not logged in, as who they would be if they had; empty if nobody can tell without their password. Fails with
     * AUTHENTICATION_FAILED if there is no such user, or one whom the gateway's own rules do not admit, or with another
     * GatewayException if that cannot be decided now. Whether a directory would take their password is not asked: that they are
     * locked there, say. Returns at once.
     */
    CompletableFuture<Optional<Identity>> find(String user);

    /** Whether connections may come without any authentication (NOSASL): true only where passwords are not checked. */
    boolean admitsAnyone();
}
