package io.torii.server.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What one gateway does for all that share a store, by leases on the store's clock. Thread-safe. */
public interface Duties {
    /** Whether this gateway has the duty now: it had it, and keeps it, or nobody had it. Ask again before the lease ends. */
    CompletableFuture<Boolean> hold(String duty, String gateway, Duration lease);
}
