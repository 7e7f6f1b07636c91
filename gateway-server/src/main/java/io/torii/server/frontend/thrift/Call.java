package io.torii.server.frontend.thrift;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** One request while it is being served: for whom, and what it waits for. Thread-safe. */
final class Call {
    private final HiveClient client;
    private final Delivery delivery;
    private final ScheduledExecutorService executor;
    private CompletableFuture<?> awaited;
    private boolean abandoned;

    Call(HiveClient client, Delivery delivery, ScheduledExecutorService executor) {
        this.client = client;
        this.delivery = delivery;
        this.executor = executor;
    }

    HiveClient client() {
        return client;
    }

    Delivery delivery() {
        return delivery;
    }

    /** Where to go on after a wait, or after a while. */
    ScheduledExecutorService executor() {
        return executor;
    }

    /** Cancels this wait if the client goes away. */
    <T> CompletableFuture<T> waitFor(CompletableFuture<T> future) {
        boolean late;
        synchronized (this) {
            awaited = future;
            late = abandoned;
        }
        if (late) {
            future.cancel(false);
        }
        return future;
    }

    /** Nobody wants the answer any more. */
    void abandon() {
        CompletableFuture<?> wait;
        synchronized (this) {
            abandoned = true;
            wait = awaited;
        }
        if (wait != null) {
            wait.cancel(false);
        }
    }
}
