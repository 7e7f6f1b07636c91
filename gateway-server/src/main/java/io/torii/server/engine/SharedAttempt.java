package io.torii.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One try at something that several callers want: all hear what happens on the way, and how it ends, in the order in which
 * they came. A follower that is cancelled harms nobody else. Thread-safe.
 */
public final class SharedAttempt<T> {
    private final List<String> lines = new ArrayList<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final List<CompletableFuture<T>> followers = new ArrayList<>();
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();

    /** Whoever comes late hears what was said before. Listeners only note the line. */
    public synchronized CompletableFuture<T> join(Consumer<String> listener) {
        lines.forEach(listener);
        if (outcome.isDone()) {
            return outcome.copy();
        }
        listeners.add(listener);
        CompletableFuture<T> follower = new CompletableFuture<>();
        followers.add(follower);
        CompletableFuture<T> unused = follower.whenComplete((value, failure) -> {
            if (follower.isCancelled()) {
                cancelled();
            }
        });
        return follower;
    }

    /** Completes once all who wanted it have cancelled; others may come still. */
    public CompletableFuture<Void> abandoned() {
        return abandoned;
    }

    /** Whether somebody wants it now. */
    synchronized boolean isWanted() {
        return !outcome.isDone() && !followers.stream().allMatch(CompletableFuture::isDone);
    }

    private void cancelled() {
        if (!isWanted()) {
            abandoned.complete(null);
        }
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
