package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.ResultException;
import io.torii.spark.result.ResultSet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements on a pool of threads, and ends them: by a cancel, by their time-out, by closing. Nothing here blocks, so
 * all of it may be called on an event loop. Thread-safe.
 */
final class StatementRunner {
    private static final Logger log = LoggerFactory.getLogger(StatementRunner.class);

    private final SparkContext spark;
    private final JobWatch jobs;
    private final Executor threads;
    private final Executor questions;
    private final Executor cleaners;
    private final ScheduledExecutorService timer;
    private volatile boolean ending;

    /**
     * @param threads where statements run
     * @param questions where questions about catalogs are answered
     * @param cleaners where results are freed
     * @param timer for time-outs; runs what is short
     */
    StatementRunner(
            SparkContext spark,
            JobWatch jobs,
            Executor threads,
            Executor questions,
            Executor cleaners,
            ScheduledExecutorService timer) {
        this.spark = requireNonNull(spark, "spark");
        this.jobs = requireNonNull(jobs, "jobs");
        this.threads = requireNonNull(threads, "threads");
        this.questions = requireNonNull(questions, "questions");
        this.cleaners = requireNonNull(cleaners, "cleaners");
        this.timer = requireNonNull(timer, "timer");
    }

    /**
     * Adds the statement to its session and starts it; does nothing if it is there already.
     *
     * @param timeoutSeconds 0 for none
     */
    void submit(EngineSession session, Statement statement, SqlWork work, long timeoutSeconds) {
        submit(session, statement, work, timeoutSeconds, threads);
    }

    void submit(EngineSession session, Statement statement, MetadataWork work) {
        submit(session, statement, work, 0, questions);
    }

    private void submit(EngineSession session, Statement statement, Work work, long timeoutSeconds, Executor executor) {
        if (!session.add(statement)) {
            return;
        }
        if (ending) {
            statement.fail(Failure.engineEnded());
            return;
        }
        jobs.watch(statement);
        if (timeoutSeconds > 0) {
            statement.alarm(timer.schedule(
                    () -> {
                        if (statement.timeOut(timeoutSeconds)) {
                            stopJobs(statement);
                        } else {
                            stopRows(statement, Failure.timedOut(timeoutSeconds));
                        }
                    },
                    timeoutSeconds,
                    TimeUnit.SECONDS));
        }
        try {
            executor.execute(() -> run(session, statement, work));
        } catch (RuntimeException e) {
            statement.fail(reason(e));
        }
    }

    private void run(EngineSession session, Statement statement, Work work) {
        statement.run(work, this::reason);
        if (statement.needsNoJobs()) {
            // one that this thread submitted after the statement was ended
            stopJobs(statement);
        }
        log.debug("statement {} of session {}: {}", statement.id(), session.id(), statement.state());
    }

    /** Once Spark has stopped, whatever fails does so for that reason. */
    private Failure reason(Throwable thrown) {
        return spark.isStopped() ? Failure.engineEnded() : Failures.of(thrown);
    }

    /** From now on all statements that are added fail, because the engine ends. */
    void end() {
        ending = true;
    }

    /** Fails; one that has ended stays as it is, but rows that are still to come will not. */
    void fail(Statement statement, Failure why) {
        if (statement.fail(why)) {
            stopJobs(statement);
        } else {
            stopRows(statement, why);
        }
    }

    /** Cancels; one that has ended stays as it is, but rows that are still to come will not. */
    void cancel(Statement statement) {
        if (statement.cancel()) {
            stopJobs(statement);
        } else {
            stopRows(statement, Failure.cancelled());
        }
    }

    /** No more rows come of one that has finished, and those that are there cannot be fetched any more; the first reason counts. */
    private void stopRows(Statement statement, Failure why) {
        ResultException reason = new ResultException(why.sqlState(), why.message());
        statement
                .outcome()
                .filter(outcome -> outcome.result().isArriving())
                .ifPresent(outcome -> cleaners.execute(() -> outcome.result().stop(reason)));
    }

    /** Cancels the statement if need be, and frees all that it holds. */
    void close(EngineSession session, Statement statement) {
        cancel(statement);
        session.remove(statement);
        Optional<ResultSet> result = statement.close();
        jobs.forget(statement);
        result.ifPresent(rows -> cleaners.execute(rows::close));
    }

    /** Completes once the statement's state has changed, or this time is over; at once if it has ended. */
    CompletableFuture<Void> change(Statement statement, Duration most) {
        if (most.isZero() || most.isNegative()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> change = statement.change();
        if (!change.isDone()) {
            ScheduledFuture<?> end = timer.schedule(
                    () -> {
                        statement.forget(change);
                        change.complete(null);
                    },
                    most.toMillis(),
                    TimeUnit.MILLISECONDS);
            change.whenComplete((changed, failure) -> end.cancel(false));
        }
        return change;
    }

    /** Completes once somebody has said whether the statement's client has its handle, or this time is over. */
    CompletableFuture<Void> handedOver(Statement statement, Duration most) {
        CompletableFuture<Void> news = statement.handover().news();
        ScheduledFuture<?> end = timer.schedule(
                () -> {
                    statement.handover().forget(news);
                    news.complete(null);
                },
                most.toMillis(),
                TimeUnit.MILLISECONDS);
        return news.thenAccept(told -> end.cancel(false));
    }

    /** Completes once the statement has ended, or this time is over. */
    CompletableFuture<Void> end(Statement statement, Duration most) {
        CompletableFuture<Void> waited = new CompletableFuture<>();
        ScheduledFuture<?> limit = timer.schedule(() -> waited.complete(null), most.toMillis(), TimeUnit.MILLISECONDS);
        waitForEnd(statement, waited);
        waited.whenComplete((done, failure) -> limit.cancel(false));
        return waited;
    }

    /** Gives up once the future is complete. */
    private static void waitForEnd(Statement statement, CompletableFuture<Void> ended) {
        CompletableFuture<Void> change = statement.change();
        ended.whenComplete((done, failure) -> {
            statement.forget(change);
            change.complete(null);
        });
        change.thenRun(() -> {
            if (statement.state().isTerminal()) {
                ended.complete(null);
            } else if (!ended.isDone()) {
                waitForEnd(statement, ended);
            }
        });
    }

    /** Completes once the statement has ended. */
    CompletableFuture<Void> end(Statement statement) {
        return statement
                .change()
                .thenCompose(changed ->
                        statement.state().isTerminal() ? CompletableFuture.completedFuture(null) : end(statement));
    }

    /** Closes what has ended and has not been asked for since then. */
    void closeIdle(EngineSession session, LongSupplier nowMillis, Duration idle) {
        for (Statement statement : session.statements()) {
            if (!statement.isAtWork() && nowMillis.getAsLong() - statement.touchedAt() > idle.toMillis()) {
                close(session, statement);
            }
        }
    }

    private void stopJobs(Statement statement) {
        if (!spark.isStopped()) {
            spark.cancelJobGroup(statement.id());
        }
    }
}
