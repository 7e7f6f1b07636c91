package io.torii.server.frontend.thrift;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** One request while it is being served: for whom, and what it waits for. Thread-safe. */
final class Call {
    private final HiveClient client;
    private final Delivery delivery;
    private final ScheduledExecutorService executor;
    private final Duration patience;
    private volatile boolean forStatement;
    private volatile Optional<Runnable> whenAnswered = Optional.empty();
    private CompletableFuture<?> awaited;
    private boolean abandoned;

    /** @param patience how long it may wait for a statement's end; zero is no limit */
    Call(HiveClient client, Delivery delivery, ScheduledExecutorService executor, Duration patience) {
        this.patience = patience;
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

    /** From now on the call waits for a statement's end: how long it may; zero is no limit. */
    Duration beginStatement() {
        forStatement = true;
        return patience;
    }

    /** Whether it waits, or has waited, for a statement's end. */
    boolean isForStatement() {
        return forStatement;
    }

    /** Has this run once the client has the answer, if it gets it. */
    void whenAnswered(Runnable action) {
        whenAnswered = Optional.of(action);
    }

    /** Whether somebody wants to know that the client has the answer. */
    boolean isFollowed() {
        return whenAnswered.isPresent();
    }

    /** The client has the answer, as far as can be known. */
    void answered() {
        whenAnswered.ifPresent(Runnable::run);
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
