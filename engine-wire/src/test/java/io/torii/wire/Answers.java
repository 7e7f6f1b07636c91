package io.torii.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures, with a bound. */
final class Answers {
    private Answers() {}

    static <T> T of(CompletableFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(20, TimeUnit.SECONDS);
    }

    static WireException failureOf(CompletableFuture<?> future) throws InterruptedException, TimeoutException {
        try {
            Object value = future.get(20, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, got " + value);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WireException) {
                return (WireException) e.getCause();
            }
            throw new AssertionError("expected a WireException", e.getCause());
        }
    }
}
