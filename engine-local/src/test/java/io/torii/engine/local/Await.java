package io.torii.engine.local;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for what a test cannot be told of. */
final class Await {
    private static final int LIMIT_SECONDS = 60;

    private Await() {}

    /** Until the condition holds; that it cannot be asked yet is no failure. */
    static void until(ScheduledExecutorService scheduler, Callable<Boolean> condition) {
        CompletableFuture<Void> met = new CompletableFuture<>();
        AtomicReference<Exception> lastFailure = new AtomicReference<>();
        var polling = scheduler.scheduleWithFixedDelay(
                () -> {
                    try {
                        if (condition.call()) {
                            met.complete(null);
                        }
                    } catch (Exception notYet) {
                        lastFailure.set(notYet);
                    }
                },
                0,
                20,
                TimeUnit.MILLISECONDS);
        met.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, failure) -> {
                    polling.cancel(false);
                    if (failure != null && lastFailure.get() != null) {
                        failure.addSuppressed(lastFailure.get());
                    }
                })
                .join();
    }
}
