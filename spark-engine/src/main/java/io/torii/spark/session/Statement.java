package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.ResultSet;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One statement of a session, from its submission until it is closed. Whatever ends it, its state changes at once; the thread
 * and the jobs that worked for it end as soon as they can. Thread-safe.
 */
final class Statement {
    private static final int LOG_LINES = 1000;
    private static final int DESCRIPTION = 500;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final String id;
    private final String text;
    private final Clock clock;
    private final OperationLog log;
    private final StatementProgress progress;
    private final StatementLife life = new StatementLife();
    private final Delivery delivery = new Delivery();
    private final Handover handover;

    private volatile Work.Outcome outcome;
    private volatile Failure failure;
    private volatile long startedAt;
    private volatile long endedAt;
    private volatile long touchedAt;
    private volatile ScheduledFuture<?> alarm;
    private boolean tracked;

    /** @param text the SQL, or the name of a metadata operation */
    Statement(String id, String text, Clock clock) {
        this(id, text, Handover.certain(), clock);
    }

    Statement(String id, String text, Handover handover, Clock clock) {
        this.id = requireNonNull(id, "id");
        this.text = requireNonNull(text, "text");
        this.handover = requireNonNull(handover, "handover");
        this.clock = requireNonNull(clock, "clock");
        this.log = new OperationLog(clock, LOG_LINES);
        this.progress = new StatementProgress(log);
        this.startedAt = clock.millis();
        this.touchedAt = startedAt;
    }

    String id() {
        return id;
    }

    String text() {
        return text;
    }

    /** The beginning of the text on one line, for people. */
    String description() {
        String beginning = text.length() <= 2 * DESCRIPTION ? text : text.substring(0, 2 * DESCRIPTION);
        String line = SPACE.matcher(beginning.trim()).replaceAll(" ");
        boolean whole = line.length() <= DESCRIPTION && beginning.length() == text.length();
        return whole ? line : line.substring(0, Math.min(DESCRIPTION, line.length())) + "...";
    }

    OperationLog log() {
        return log;
    }

    StatementProgress progress() {
        return progress;
    }

    Delivery delivery() {
        return delivery;
    }

    Handover handover() {
        return handover;
    }

    StatementState state() {
        return life.state();
    }

    /** Whether it runs, or rows of it are still to come. */
    boolean isAtWork() {
        return !state().isTerminal()
                || outcome().filter(done -> done.result().isArriving()).isPresent();
    }

    /** What a poll may hear: never CLOSED, which drivers take for a success. */
    StatementState told() {
        return life.told();
    }

    /** Set once the statement has finished. */
    Optional<Work.Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** Set once the statement has failed, timed out or been cancelled. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    long startedAt() {
        return startedAt;
    }

    /** 0 until it has ended. */
    long endedAt() {
        return endedAt;
    }

    long touchedAt() {
        return touchedAt;
    }

    void touch() {
        touchedAt = clock.millis();
    }

    /** A time-out that is waiting for this statement, to be given up when it ends and no rows of it are to come. */
    void alarm(ScheduledFuture<?> timeOut) {
        alarm = timeOut;
        if (!isAtWork()) {
            timeOut.cancel(false);
        }
    }

    /** Whether jobs that start for it now are in vain. */
    boolean needsNoJobs() {
        StatementState now = state();
        return now.isTerminal() && now != StatementState.FINISHED;
    }

    /** Says once where its jobs can be looked at. */
    synchronized void tracked(String url) {
        if (!tracked) {
            tracked = true;
            log.info("Tracking URL = " + url);
        }
    }

    /**
     * Runs the work in the calling thread, unless the statement has ended before. Never throws what the work throws.
     *
     * @param reasons tells why the statement fails from what its work throws
     */
    void run(Work work, Function<Throwable, Failure> reasons) {
        if (!life.start()) {
            return;
        }
        startedAt = clock.millis();
        try {
            log.info("Started: " + description());
            Work.Outcome done = work.run(this);
            if (!finish(done)) {
                done.result().close();
            }
        } catch (Throwable thrown) {
            fail(thrown, reasons.apply(thrown));
        } finally {
            life.release();
        }
    }

    /** Ends it before its own end; false if it has ended already. */
    boolean cancel() {
        return end(StatementState.CANCELED, Failure.cancelled());
    }

    boolean timeOut(long seconds) {
        return end(StatementState.TIMED_OUT, Failure.timedOut(seconds));
    }

    /** False if it has ended already. */
    boolean fail(Failure why) {
        boolean failed = move(StatementState.FAILED, () -> {
            failure = why;
            log.error("Failed after " + elapsed() + ": " + why.message());
        });
        if (failed) {
            life.interrupt();
        }
        return failed;
    }

    private void fail(Throwable thrown, Failure why) {
        if (fail(why) && thrown instanceof VirtualMachineError) {
            log.error("The engine is in trouble: " + thrown);
        }
    }

    /** Closes it if it has ended; the result stays to be freed by the caller, once, off any event loop. */
    Optional<ResultSet> close() {
        return move(StatementState.CLOSED, () -> {}) ? outcome().map(Work.Outcome::result) : Optional.empty();
    }

    /** The next change of state, at once if there will be none; whoever gives up completes it and says so. */
    CompletableFuture<Void> change() {
        return life.change();
    }

    void forget(CompletableFuture<Void> change) {
        life.forget(change);
    }

    private boolean finish(Work.Outcome done) {
        return move(StatementState.FINISHED, () -> {
            outcome = done;
            log.info("Finished after " + elapsed());
        });
    }

    private boolean end(StatementState how, Failure why) {
        boolean ended = move(how, () -> {
            failure = why;
            log.warn(why.message() + " (after " + elapsed() + ")");
        });
        if (ended) {
            life.interrupt();
        }
        return ended;
    }

    private boolean move(StatementState next, Runnable first) {
        boolean moved = life.tryMove(next, () -> {
            if (endedAt == 0) {
                endedAt = clock.millis();
            }
            touchedAt = clock.millis();
            first.run();
        });
        ScheduledFuture<?> waiting = alarm;
        if (moved && waiting != null && (next != StatementState.FINISHED || !isAtWork())) {
            waiting.cancel(false);
        }
        return moved;
    }

    private String elapsed() {
        return clock.millis() - startedAt + " ms";
    }
}
