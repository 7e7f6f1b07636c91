package io.torii.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One try at something that several callers want: all hear what happens on the way, and how it ends, in the order in which
 * they came. A follower that is cancelled harms nobody else. Thread-safe.
 */
public final class SharedAttempt<T> {
    private final Consumer<SharedAttempt<T>> over;
    private final List<String> lines = new ArrayList<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final List<CompletableFuture<T>> followers = new ArrayList<>();
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private boolean givenUp;

    /** @param over told that nobody shall join it any more; must not block */
    SharedAttempt(Consumer<SharedAttempt<T>> over) {
        this.over = over;
    }

    /** Whoever comes late hears what was said before; empty if it has been given up. Listeners only note the line. */
    synchronized Optional<CompletableFuture<T>> join(Consumer<String> listener) {
        if (givenUp) {
            return Optional.empty();
        }
        lines.forEach(listener);
        if (outcome.isDone()) {
            return Optional.of(outcome.copy());
        }
        listeners.add(listener);
        CompletableFuture<T> follower = new CompletableFuture<>();
        followers.add(follower);
        CompletableFuture<T> unused = follower.whenComplete((value, failure) -> {
            if (follower.isCancelled()) {
                cancelled();
            }
        });
        return Optional.of(follower);
    }

    /** Completes the next time that all who wanted it have cancelled, at once if they have now; others may come still. */
    public synchronized CompletableFuture<Void> abandoned() {
        if (abandoned.isDone() && isWanted()) {
            abandoned = new CompletableFuture<>();
        }
        return abandoned;
    }

    /** Whether somebody wants it now. */
    public synchronized boolean isWanted() {
        return !outcome.isDone() && !followers.stream().allMatch(CompletableFuture::isDone);
    }

    /** Lets nobody join it any more, unless somebody wants it now; whether that was done. */
    public boolean giveUp() {
        synchronized (this) {
            if (isWanted()) {
                return false;
            }
            givenUp = true;
        }
        over.accept(this);
        return true;
    }

    private void cancelled() {
        CompletableFuture<Void> told;
        synchronized (this) {
            if (isWanted()) {
                return;
            }
            told = abandoned;
        }
        told.complete(null);
    }

    public synchronized void say(String line) {
        lines.add(line);
        listeners.forEach(listener -> listener.accept(line));
    }

    /** Tells the followers; a failure is passed on as it is. */
    public void end(T value, Throwable failure) {
        List<CompletableFuture<T>> told;
        synchronized (this) {
            told = List.copyOf(followers);
            conclude(outcome, value, failure);
        }
        over.accept(this);
        told.forEach(follower -> conclude(follower, value, failure));
    }

    private static <T> void conclude(CompletableFuture<T> future, T value, Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }
}
