package io.torii.it;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks again until something holds, within a bound: for what no future or latch can tell. */
public final class Eventually {
    private static final long PAUSE_MILLIS = 100;

    private Eventually() {}

    /** Something that may not hold yet. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }

    public static void holds(Duration limit, Assertion assertion) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                assertion.check();
                return;
            } catch (Exception | AssertionError problem) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("does not hold after " + limit, problem);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }
    }
}
