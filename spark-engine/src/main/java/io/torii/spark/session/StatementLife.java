package io.torii.spark.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A statement's state, futures for its changes, and the thread that runs it. A statement that is ended from outside has its
 * thread interrupted, and never a thread that has gone on to other work. Futures complete in the thread that made the
 * change, off the lock. Thread-safe.
 */
final class StatementLife {
    private final Object lock = new Object();
    private StatementState state = StatementState.PENDING;
    private StatementState told = StatementState.PENDING;
    private Thread runner;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    StatementState state() {
        synchronized (lock) {
            return state;
        }
    }

    /** As {@link #state}, but for one that is closed what it was before: drivers take CLOSED for a success. */
    StatementState told() {
        synchronized (lock) {
            return told;
        }
    }

    /** Goes on to RUNNING in the calling thread; false if the statement has ended before. */
    boolean start() {
        List<CompletableFuture<Void>> changed;
        synchronized (lock) {
            if (!state.canBecome(StatementState.RUNNING)) {
                return false;
            }
            state = StatementState.RUNNING;
            told = state;
            runner = Thread.currentThread();
            changed = takeWaiting();
        }
        changed.forEach(future -> future.complete(null));
        return true;
    }

    /** The calling thread, which started the statement, goes on to other work. */
    void release() {
        synchronized (lock) {
            runner = null;
        }
        // an interrupt that came too late for the statement must not meet the thread's next work
        Thread.interrupted();
    }

    /**
     * Moves if that is legal, and runs an action under the same lock before anybody can see the new state.
     *
     * @return false if the move is not legal
     */
    boolean tryMove(StatementState next, Runnable first) {
        List<CompletableFuture<Void>> changed;
        synchronized (lock) {
            if (!state.canBecome(next)) {
                return false;
            }
            first.run();
            state = next;
            told = next == StatementState.CLOSED ? told : next;
            changed = takeWaiting();
        }
        changed.forEach(future -> future.complete(null));
        return true;
    }

    /** Interrupts the thread that runs the statement, if one does. */
    void interrupt() {
        synchronized (lock) {
            if (runner != null && runner != Thread.currentThread()) {
                runner.interrupt();
            }
        }
    }

    /** Completes with the next change, at once if there will be none. Whoever gives up completes it. */
    CompletableFuture<Void> change() {
        CompletableFuture<Void> change = new CompletableFuture<>();
        synchronized (lock) {
            if (state.isTerminal()) {
                return CompletableFuture.completedFuture(null);
            }
            waiting.add(change);
        }
        return change;
    }

    /** A waiter that gave up must not be kept until the next change. */
    void forget(CompletableFuture<Void> change) {
        synchronized (lock) {
            waiting.removeIf(other -> other == change);
        }
    }

    private List<CompletableFuture<Void>> takeWaiting() {
        List<CompletableFuture<Void>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }
}
