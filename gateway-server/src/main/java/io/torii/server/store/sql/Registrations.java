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

    /** What is known of the launches that are asked for: those without a row have lost their lease. */
    private record Known(Map<LaunchTag, EngineRow> rows, long now) {}

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
        database.call(handle -> ask(handle, tags)).whenComplete((known, failure) -> {
            if (failure == null) {
                tags.forEach(tag -> conclude(tag, known));
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

    private void conclude(LaunchTag tag, Known known) {
        EngineRow row = known.rows().get(tag);
        boolean leased = row != null && row.engine().isEmpty() && !row.isOver(known.now());
        if (leased) {
            return;
        }
        CompletableFuture<Optional<RunningEngine>> waiting = awaited.remove(tag);
        if (waiting != null) {
            waiting.complete(Optional.ofNullable(row).flatMap(EngineRow::engine));
        }
    }

    private static Known ask(Handle handle, List<LaunchTag> tags) {
        Map<LaunchTag, EngineRow> rows = new HashMap<>();
        handle.createQuery("SELECT * FROM engine WHERE tag IN (<tags>)")
                .bindList("tags", tags.stream().map(LaunchTag::value).toList())
                .map((row, context) -> EngineRow.of(row))
                .forEach(row -> rows.put(row.tag(), row));
        return new Known(rows, Database.now(handle));
    }
}
