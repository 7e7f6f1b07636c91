package io.torii.server.store.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One write to the disk for all transactions that have ended while the write before it was made. Whoever finds nobody
 * writing writes, for itself and for those who come meanwhile; they do not wait for it. Thread-safe.
 */
final class GroupedWrites {
    private final Runnable write;
    private final List<Consumer<Optional<RuntimeException>>> waiting = new ArrayList<>();
    private boolean writing;

    /** @param write makes everything last that was committed before it began; blocks, and throws if it cannot */
    GroupedWrites(Runnable write) {
        this.write = write;
    }

    /**
     * Has the transaction, which is committed, written. Blocks for others' writes, too, while there are any.
     *
     * @param told what became of it, on some thread that has called this
     */
    void add(Consumer<Optional<RuntimeException>> told) {
        synchronized (waiting) {
            waiting.add(told);
            if (writing) {
                return;
            }
            writing = true;
        }
        for (List<Consumer<Optional<RuntimeException>>> group = next(); !group.isEmpty(); group = next()) {
            Optional<RuntimeException> failure = failure();
            group.forEach(member -> member.accept(failure));
        }
    }

    private Optional<RuntimeException> failure() {
        try {
            write.run();
            return Optional.empty();
        } catch (RuntimeException failure) {
            return Optional.of(failure);
        } catch (Error failure) {
            return Optional.of(new IllegalStateException("The store failed: " + failure, failure)); // others wait
        }
    }

    private List<Consumer<Optional<RuntimeException>>> next() {
        synchronized (waiting) {
            List<Consumer<Optional<RuntimeException>>> group = List.copyOf(waiting);
            waiting.clear();
            writing = !group.isEmpty();
            return group;
        }
    }
}
