package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/** Closes sessions: those that are told to, and those that nobody has used for long. Blocks nowhere. Thread-safe. */
final class SessionCloser {
    private static final Logger log = LoggerFactory.getLogger(SessionCloser.class);

    private final EngineSessions sessions;
    private final StatementRunner runner;
    private final Executor cleaners;

    /** @param cleaners where what sessions leave in Spark is freed */
    SessionCloser(EngineSessions sessions, StatementRunner runner, Executor cleaners) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.runner = requireNonNull(runner, "runner");
        this.cleaners = requireNonNull(cleaners, "cleaners");
    }

    /** Statements that still run fail. */
    void close(EngineSession session) {
        sessions.remove(session);
        session.statements().forEach(statement -> {
            runner.fail(statement, Failure.sessionClosed());
            runner.close(session, statement);
        });
        cleaners.execute(() -> dropViews(session));
    }

    /** Closes the sessions that the gateway can open in another engine as they are here, and that need this one no more. */
    void letGo() {
        for (EngineSession session : sessions.all()) {
            if (session.tryRetire()) {
                log.info("letting session {} go: it has no statement, and the engine drains", session.id());
                close(session);
            }
        }
    }

    /**
     * The back-stop for gateways that have gone: closes statements that ended long ago, and sessions in which nothing runs.
     *
     * @param statementIdle zero for never, as sessionIdle
     */
    void closeIdle(Clock clock, Duration statementIdle, Duration sessionIdle) {
        for (EngineSession session : sessions.all()) {
            if (!statementIdle.isZero()) {
                runner.closeIdle(session, clock::millis, statementIdle);
            }
            long idle = clock.millis() - session.touchedAt();
            if (!sessionIdle.isZero() && session.running() == 0 && idle > sessionIdle.toMillis()) {
                log.info("closing session {}: not used for {} ms", session.id(), idle);
                close(session);
            }
        }
    }

    /** What a session's temporary views have cached would outlive it: Spark's cache belongs to all sessions. */
    private static void dropViews(EngineSession session) {
        SparkSession spark = session.spark();
        if (spark.sparkContext().isStopped()
                || spark.sharedState().cacheManager().isEmpty()) {
            return;
        }
        try (ThreadScope scope = ThreadScope.enter(spark, session.user())) {
            for (TableIdentifier view :
                    JavaConverters.seqAsJavaList(spark.sessionState().catalog().listLocalTempViews("*"))) {
                spark.catalog().dropTempView(view.table());
            }
        } catch (RuntimeException e) {
            log.warn("could not drop the temporary views of session {}", session.id(), e);
        }
    }
}
