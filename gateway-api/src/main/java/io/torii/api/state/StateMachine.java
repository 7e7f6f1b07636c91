package io.torii.api.state;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A state with its legal moves. Whoever waits for a change gets a future; futures complete and listeners run in the
 * thread that made the change, after the lock is released. Terminal states stay. Modelled on Trino's StateMachine.
 * Thread-safe.
 */
public final class StateMachine<S> {
    private final BiPredicate<S, S> mayBecome;
    private final Predicate<S> isTerminal;
    private final Object lock = new Object();
    private S state;
    private List<CompletableFuture<S>> waiting = new ArrayList<>();
    private List<Consumer<S>> listeners = new ArrayList<>();

    public StateMachine(S initial, BiPredicate<S, S> mayBecome, Predicate<S> isTerminal) {
        this.state = requireNonNull(initial, "initial");
        this.mayBecome = requireNonNull(mayBecome, "mayBecome");
        this.isTerminal = requireNonNull(isTerminal, "isTerminal");
    }

    public S state() {
        synchronized (lock) {
            return state;
        }
    }

    /** Moves to the next state, if that move is legal from the present one; false if it is not. */
    public boolean tryMove(S next) {
        List<CompletableFuture<S>> changed;
        List<Consumer<S>> told;
        synchronized (lock) {
            if (state.equals(next) || isTerminal.test(state) || !mayBecome.test(state, next)) {
                return false;
            }
            state = next;
            changed = waiting;
            waiting = new ArrayList<>();
            told = listeners;
            if (isTerminal.test(next)) {
                listeners = new ArrayList<>();
            } else {
                told = List.copyOf(told);
            }
        }
        changed.forEach(future -> future.complete(next));
        told.forEach(listener -> listener.accept(next));
        return true;
    }

    /** The first state other than the given one: now, if it has changed already, or at the next change. */
    public CompletableFuture<S> changeFrom(S known) {
        synchronized (lock) {
            if (!state.equals(known) || isTerminal.test(state)) {
                return CompletableFuture.completedFuture(state);
            }
            CompletableFuture<S> change = new CompletableFuture<>();
            waiting.add(change);
            CompletableFuture<S> unused = change.whenComplete((next, failure) -> forget(change));
            return change;
        }
    }

    /** Calls the listener with each state from now on, and at once if the present state is the last. */
    public void listen(Consumer<S> listener) {
        S last;
        synchronized (lock) {
            if (!isTerminal.test(state)) {
                listeners.add(listener);
                return;
            }
            last = state;
        }
        listener.accept(last);
    }

    /** A waiter that gave up must not be kept until the next change. */
    private void forget(CompletableFuture<S> change) {
        synchronized (lock) {
            waiting.remove(change);
        }
    }
}
