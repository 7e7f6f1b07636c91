package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.catalog.Metadata;
import io.torii.spark.result.ResultSets;
import io.torii.wire.WireHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** All sessions and statements of one engine, with the threads on which they work. Thread-safe. */
public final class SessionService implements AutoCloseable {
    private static final int MOST_STATEMENTS_AT_ONCE = 256;
    private static final int MOST_PAGES_AT_ONCE = 256;
    private static final int CLEANERS = 4;
    private static final Duration LAST_JOBS = Duration.ofSeconds(5);
    private static final int MOST_QUESTIONS_AT_ONCE = 32;

    private final Clock clock;
    private final ExecutorService statements = WorkerPool.named("torii-statement", MOST_STATEMENTS_AT_ONCE);
    // apart from statements: openings must not wait for queries
    private final ExecutorService questions = WorkerPool.named("torii-session", MOST_QUESTIONS_AT_ONCE);
    private final ExecutorService pages = WorkerPool.named("torii-page", MOST_PAGES_AT_ONCE);
    // apart from pages: what is freed must not wait for fetches that wait for rows
    private final ExecutorService cleaners = WorkerPool.named("torii-cleaner", CLEANERS);
    private final ScheduledThreadPoolExecutor timer;
    private final SparkContext spark;
    private final JobWatch jobs;
    private final EngineSessions sessions;
    private final StatementRunner runner;
    private final SessionCloser closer;
    private final WireHandler handler;

    /** @param root a SparkSession whose context stays the caller's to stop */
    public SessionService(SparkSession root, ResultSets results, Metadata metadata, Clock clock) {
        requireNonNull(root, "root");
        this.clock = requireNonNull(clock, "clock");
        timer = new ScheduledThreadPoolExecutor(1, WorkerPool.threads("torii-timer"));
        timer.setRemoveOnCancelPolicy(true);
        sessions = new EngineSessions(clock);
        spark = root.sparkContext();
        jobs = new JobWatch(spark);
        spark.addSparkListener(jobs);
        runner = new StatementRunner(spark, jobs, statements, questions, cleaners, timer);
        closer = new SessionCloser(sessions, runner, cleaners);
        handler = new EngineHandler(
                sessions,
                new SessionOpener(new SpareSessions(root, questions), clock),
                runner,
                closer,
                new Fetches(pages, timer),
                results,
                metadata,
                questions,
                clock);
    }

    /** What answers the gateway's calls. */
    public WireHandler handler() {
        return handler;
    }

    /** Sessions, those included that are being opened. */
    public int sessions() {
        return sessions.size();
    }

    /** Statements that have not ended. */
    public int statements() {
        return sessions.all().stream().mapToInt(EngineSession::running).sum();
    }

    /** Whether a session has ever been asked for. */
    public boolean everUsed() {
        return sessions.everOpened();
    }

    /** How long there has been no session; zero while there are. */
    public Duration unused() {
        return sessions.size() > 0 ? Duration.ZERO : Duration.ofMillis(clock.millis() - sessions.emptySince());
    }

    /** Answers DRAINING to those who want a new session, from now on. */
    public void refuseNew() {
        sessions.refuseNew();
    }

    /** As {@link #refuseNew}, if there is no session at this moment; otherwise changes nothing and is false. */
    public boolean refuseNewIfUnused() {
        return sessions.refuseNewIfEmpty();
    }

    /** Closes what nobody has used for longer than this; zero for never. */
    public void closeIdle(Duration statementIdle, Duration sessionIdle) {
        closer.closeIdle(clock, statementIdle, sessionIdle);
    }

    /** Whether, once closed, all its threads have ended within this time. */
    boolean awaitQuiet(Duration most) throws InterruptedException {
        return statements.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)
                && questions.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)
                && pages.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)
                && cleaners.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Answers NO_SUCH_SESSION to new statements, and DRAINING to who opens a session again, from now on. */
    public void retire() {
        sessions.retire();
    }

    /** Closes sessions without a statement that can go on in another engine; to be called while new ones are refused. */
    public void letGo() {
        closer.letGo();
    }

    /** Looks at nothing before this moment for idleness: the machine has slept. */
    public void woke() {
        sessions.woke();
    }

    /** Fails all statements that have not ended, because the engine ends; their states can still be asked for. */
    public void end() {
        retire();
        runner.end();
        for (EngineSession session : sessions.all()) {
            session.statements().forEach(statement -> runner.fail(statement, Failure.engineEnded()));
        }
    }

    /** Ends all statements and closes all sessions; waits a moment for their threads. */
    @Override
    public void close() {
        end();
        sessions.all().forEach(closer::close);
        statements.shutdown();
        questions.shutdown();
        pages.shutdown();
        cleaners.shutdown();
        timer.shutdownNow();
        awaitLastJobs();
        if (!spark.isStopped()) {
            spark.removeSparkListener(jobs);
        }
    }

    /** A statement may be about to start a job when it is ended: that is cancelled as long as somebody listens. */
    private void awaitLastJobs() {
        try {
            boolean unused = statements.awaitTermination(LAST_JOBS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
