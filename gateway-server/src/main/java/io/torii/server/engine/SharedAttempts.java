package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The attempts that are under way, by what they are for: one for each key at a time. Thread-safe. */
public final class SharedAttempts<K, T> {
    private final ConcurrentMap<K, SharedAttempt<T>> attempts = new ConcurrentHashMap<>();

    /**
     * Joins the attempt for this key; makes one if there is none that can be joined.
     *
     * @param begin is given the attempt that was made, and sees to it that it ends or is given up
     */
    public CompletableFuture<T> join(K key, Consumer<String> listener, Consumer<SharedAttempt<T>> begin) {
        requireNonNull(key, "key");
        while (true) {
            SharedAttempt<T> mine = new SharedAttempt<>(over -> attempts.remove(key, over));
            SharedAttempt<T> attempt =
                    Optional.ofNullable(attempts.putIfAbsent(key, mine)).orElse(mine);
            Optional<CompletableFuture<T>> joined = attempt.join(listener);
            if (attempt == mine) {
                begin.accept(mine);
            }
            if (joined.isPresent()) {
                return joined.get();
            }
            attempts.remove(key, attempt);
        }
    }

    /** How many are under way. */
    public int count() {
        return attempts.size();
    }
}
