package io.torii.server.main;

import io.torii.server.engine.ClusterLoads;
import io.torii.server.engine.EngineWatch;
import io.torii.server.engine.Orphans;
import io.torii.server.engine.SilentEngines;
import io.torii.server.session.RoutedStatements;
import io.torii.server.session.StoredSessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway looks at every few seconds. Thread-safe. */
final class Housekeeping implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration SESSIONS_EVERY = Duration.ofSeconds(2);
    private static final Duration ORPHANS_EVERY = Duration.ofMinutes(1);
    private static final Duration CLUSTERS_EVERY = Duration.ofSeconds(5);

    private final ScheduledExecutorService timers;
    private final ClusterLoads loads;
    private final EngineWatch watch;
    private final SilentEngines silent;
    private final Orphans orphans;
    private final StoredSessions sessions;
    private final RoutedStatements statements;

    Housekeeping(
            ScheduledExecutorService timers,
            ClusterLoads loads,
            EngineWatch watch,
            SilentEngines silent,
            Orphans orphans,
            StoredSessions sessions,
            RoutedStatements statements) {
        this.timers = timers;
        this.loads = loads;
        this.watch = watch;
        this.silent = silent;
        this.orphans = orphans;
        this.sessions = sessions;
        this.statements = statements;
    }

    /** Asks every cluster once, waiting for them a moment, so that the first session finds a place; then goes on by itself. */
    void start() {
        loads.tick().join();
        every(CLUSTERS_EVERY, "clusters", () -> {
            loads.tick();
            logged(watch.tick());
            logged(silent.tick());
        });
        every(ORPHANS_EVERY, "orphans", () -> logged(orphans.tick()));
        every(SESSIONS_EVERY, "sessions", () -> {
            sessions.tick();
            statements.tick();
        });
    }

    @Override
    public void close() {
        watch.close();
    }

    private static void logged(CompletableFuture<Void> look) {
        look.exceptionally(failure -> {
            log.warn("Looking for engines failed: {}", failure.getMessage());
            return null;
        });
    }

    /** An executor would drop a task that throws. */
    private void every(Duration period, String what, Runnable task) {
        timers.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException failure) {
                        log.error("Housekeeping of {} failed", what, failure);
                    }
                },
                0,
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
