package io.torii.server.audit;

import io.torii.api.engine.RunningEngine;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.Caller;
import java.time.Instant;
import java.util.Optional;

/** What is known of one accepted statement until its line is written. Thread-safe. */
final class Trace {
    private final StatementId id;
    private final String user;
    private final Caller caller;
    private final String kind;
    private final Optional<SqlText.Shown> text;
    private final Instant submittedAt;
    private final StatementEvent event;
    private StatementState state = StatementState.PENDING;
    private Optional<String> sqlState = Optional.empty();
    private Optional<Instant> startedAt = Optional.empty();
    private Optional<RunningEngine> engine = Optional.empty();
    private Optional<Instant> endedAt = Optional.empty();
    private Instant usedAt;
    private long pages;
    private long bytes;
    private boolean over;

    /**
     * @param user whose session it is
     * @param event has begun
     */
    Trace(
            StatementId id,
            String user,
            Caller caller,
            String kind,
            Optional<SqlText.Shown> text,
            Instant submittedAt,
            StatementEvent event) {
        this.id = id;
        this.user = user;
        this.caller = caller;
        this.kind = kind;
        this.text = text;
        this.submittedAt = submittedAt;
        this.usedAt = submittedAt;
        this.event = event;
    }

    StatementId id() {
        return id;
    }

    String user() {
        return user;
    }

    Caller caller() {
        return caller;
    }

    /** {@code sql} or {@code metadata}. */
    String kind() {
        return kind;
    }

    Optional<SqlText.Shown> text() {
        return text;
    }

    Instant submittedAt() {
        return submittedAt;
    }

    StatementEvent event() {
        return event;
    }

    synchronized StatementState state() {
        return state;
    }

    synchronized Optional<String> sqlState() {
        return sqlState;
    }

    synchronized Optional<Instant> startedAt() {
        return startedAt;
    }

    synchronized Optional<RunningEngine> engine() {
        return engine;
    }

    synchronized Optional<Instant> endedAt() {
        return endedAt;
    }

    synchronized long pages() {
        return pages;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** The engine that its session has now is the one that runs it, unless it has had one before. */
    synchronized void runsOn(Optional<RunningEngine> now) {
        engine = engine.or(() -> now);
    }

    /** Notes what was heard of it, but not what it said in words; true if that is the first news of its end. */
    synchronized boolean seen(StatementStatus status, Instant now) {
        usedAt = now;
        if (endedAt.isPresent()) {
            return false;
        }
        state = status.state();
        sqlState = status.failure().map(StatementFailure::sqlState);
        startedAt = status.startedAt();
        if (state.isTerminal()) {
            endedAt = Optional.of(status.endedAt().orElse(now));
        }
        return endedAt.isPresent();
    }

    /** It went before anybody heard of its end. */
    synchronized void closed(Instant now) {
        state = StatementState.CLOSED;
        endedAt = Optional.of(now);
    }

    /** Somebody has asked what has become of it, and may hear nothing. */
    synchronized void asked(Instant now) {
        usedAt = now;
    }

    synchronized void page(Instant now) {
        usedAt = now;
        pages++;
    }

    synchronized void relayed(long more) {
        bytes += more;
    }

    synchronized boolean hasEnded() {
        return endedAt.isPresent();
    }

    synchronized boolean isUnusedSince(Instant before) {
        return usedAt.isBefore(before);
    }

    /** True for the first who asks: its line is to be written now. */
    synchronized boolean takeLine() {
        boolean first = !over;
        over = true;
        return first;
    }
}
