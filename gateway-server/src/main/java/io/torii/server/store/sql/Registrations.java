package io.torii.server.store.sql;

import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;

/**
 * Launches whose engines are waited for. Since an engine may call home at another gateway, the store is asked for all of
 * them at once, a few times a second, as long as there are any. Thread-safe.
 */
final class Registrations {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Database database;
    private final Timers timers;
    private final ConcurrentMap<LaunchTag, CompletableFuture<Optional<RunningEngine>>> awaited =
            new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Registrations(Database database, Timers timers) {
        this.database = database;
        this.timers = timers;
    }

    CompletableFuture<Optional<RunningEngine>> of(LaunchTag tag) {
        CompletableFuture<Optional<RunningEngine>> shared =
                awaited.computeIfAbsent(tag, unknown -> new CompletableFuture<>());
        look();
        return shared.copy();
    }

    /** Asks the store now. */
    void look() {
        List<LaunchTag> tags = List.copyOf(awaited.keySet());
        if (tags.isEmpty()) {
            return;
        }
        database.call(handle -> ask(handle, tags)).whenComplete((rows, failure) -> {
            if (failure == null) {
                tags.forEach(tag -> conclude(tag, Optional.ofNullable(rows.get(tag))));
            }
            lookAgain();
        });
    }

    private void lookAgain() {
        if (!awaited.isEmpty() && scheduled.compareAndSet(false, true)) {
            timers.after(PAUSE, () -> {
                scheduled.set(false);
                look();
            });
        }
    }

    /** @param row empty once its lease is over */
    private void conclude(LaunchTag tag, Optional<EngineRow> row) {
        Optional<RunningEngine> engine = row.flatMap(EngineRow::engine);
        if (row.isPresent() && engine.isEmpty()) {
            return;
        }
        CompletableFuture<Optional<RunningEngine>> waiting = awaited.remove(tag);
        if (waiting != null) {
            waiting.complete(engine);
        }
    }

    /** Ends leases that are over; a lease whose engine registers at this moment is not ended. */
    static void deleteLapsed(Handle handle, long now) {
        handle.createUpdate("DELETE FROM engine WHERE registered_at IS NULL AND lease_until <= :now")
                .bind("now", now)
                .execute();
    }

    /** What is over is deleted first: whoever hears of a lease's end may trust that the engine is refused from then on. */
    private static Map<LaunchTag, EngineRow> ask(Handle handle, List<LaunchTag> tags) {
        deleteLapsed(handle, Database.now(handle));
        Map<LaunchTag, EngineRow> rows = new HashMap<>();
        handle.createQuery("SELECT * FROM engine WHERE tag IN (<tags>)")
                .bindList("tags", tags.stream().map(LaunchTag::value).toList())
                .map((row, context) -> EngineRow.of(row))
                .forEach(row -> rows.put(row.tag(), row));
        return rows;
    }
}
