package io.torii.server.session;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls back after a while. Thread-safe. */
@FunctionalInterface
public interface Timers {
    /** Runs the action once the delay is over; what is returned calls that off, if it is not too late. */
    Runnable after(Duration delay, Runnable action);

    /** Timers on an executor whose actions are short; it should remove cancelled ones at once. */
    static Timers on(ScheduledExecutorService executor) {
        return (delay, action) -> {
            Future<?> call = executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> call.cancel(false);
        };
    }
}
