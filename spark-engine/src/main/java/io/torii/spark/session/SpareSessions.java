package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.OneRow;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SessionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New SparkSessions, a few of which are made before somebody asks: what a session needs before its first statement (parser,
 * catalog, functions) takes milliseconds, and is the same for all until they are set up. Thread-safe.
 */
final class SpareSessions {
    private static final Logger log = LoggerFactory.getLogger(SpareSessions.class);
    private static final int SPARE = 2;

    private final SparkSession root;
    private final Executor threads;
    private final BlockingQueue<SparkSession> ready = new ArrayBlockingQueue<>(SPARE);
    private final AtomicBoolean filling = new AtomicBoolean();

    /** @param threads where spare sessions are made */
    SpareSessions(SparkSession root, Executor threads) {
        this.root = requireNonNull(root, "root");
        this.threads = requireNonNull(threads, "threads");
    }

    /** A session that nobody else has had. */
    SparkSession take() {
        SparkSession spare = ready.poll();
        if (filling.compareAndSet(false, true)) {
            threads.execute(this::fill);
        }
        return spare == null ? newSession() : spare;
    }

    private void fill() {
        try {
            while (ready.remainingCapacity() > 0 && !root.sparkContext().isStopped()) {
                SparkSession spare = newSession();
                SessionState state = spare.sessionState();
                Object unused =
                        state.catalog(); // not the analyzer: rules of extensions may read the session's settings
                if (!ready.offer(spare)) {
                    return;
                }
            }
        } catch (Exception e) {
            log.warn("no spare session could be made: {}", e.toString());
        } finally {
            filling.set(false);
        }
    }

    private SparkSession newSession() {
        SparkSession session = root.newSession();
        OneRow.addTo(session);
        return session;
    }
}
