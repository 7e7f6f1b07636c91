package io.torii.server.store;

import io.torii.api.Secret;
import java.util.concurrent.CompletableFuture;

/** Secrets that all gateways of a store share. Thread-safe. */
public interface SharedSecrets {
    /** The secret of that name, made when it is first asked for; for all who ask the same. */
    CompletableFuture<Secret> get(String name);
}
