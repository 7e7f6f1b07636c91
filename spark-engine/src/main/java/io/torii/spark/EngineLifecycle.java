package io.torii.spark;

import static java.util.Objects.requireNonNull;

import io.torii.spark.session.SessionService;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the engine takes no new sessions and when it ends: idle, too old, told to, or without a gateway for too long.
 * Only decides: who started the engine waits for {@link #ended} and then ends it. Thread-safe.
 */
final class EngineLifecycle {
    private static final Logger log = LoggerFactory.getLogger(EngineLifecycle.class);

    private final EngineOptions options;
    private final SessionService sessions;
    private final Clock clock;
    private final CompletableFuture<EngineEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> draining = new CompletableFuture<>();
    private final long mostBetweenTicks;
    private long tickAt;
    private long startedAt;
    private long contactAt;
    private long drainingSince;

    /** @param tick about how much time lies between two calls of tick */
    EngineLifecycle(EngineOptions options, SessionService sessions, Clock clock, Duration tick) {
        this.options = requireNonNull(options, "options");
        this.sessions = requireNonNull(sessions, "sessions");
        this.clock = requireNonNull(clock, "clock");
        this.startedAt = clock.millis();
        this.contactAt = startedAt;
        this.tickAt = startedAt;
        this.mostBetweenTicks = 2 * tick.toMillis();
    }

    /** Looks at the clock. Time in which the machine or the process slept does not count, nor what the clock was set by. */
    void tick() {
        if (slept()) {
            sessions.woke();
        }
        sessions.closeIdle(options.statementIdleTimeout(), options.sessionIdleTimeout());
        if (over(options.maxLifetime(), age())) {
            drain("it is older than " + options.maxLifetime());
        }
        if (isDraining()) {
            endIfDrained();
        } else {
            endIfUnused();
        }
        if (over(options.orphanTimeout(), sinceContact())) {
            end(EngineEnd.WELL, "no gateway answered for " + options.orphanTimeout());
        }
    }

    private synchronized boolean slept() {
        long now = clock.millis();
        long missed = now < tickAt ? now - tickAt : Math.max(0, now - tickAt - mostBetweenTicks);
        tickAt = now;
        if (missed == 0) {
            return false;
        }
        startedAt += missed;
        drainingSince += missed;
        contactAt = Math.min(now, contactAt + missed);
        return true;
    }

    /** A gateway has answered. */
    synchronized void contacted() {
        contactAt = clock.millis();
    }

    /**
     * Takes no new sessions from now on, lets go of those that other engines can take, and ends with the last. After the
     * drain time-out it takes no new statements either and ends when none runs, or after the same time again.
     */
    void drain(String reason) {
        synchronized (this) {
            if (draining.isDone()) {
                return;
            }
            drainingSince = clock.millis();
            sessions.refuseNew();
        }
        if (draining.complete(null)) {
            log.info("draining: {}", reason);
        }
    }

    boolean isDraining() {
        return draining.isDone();
    }

    /** Completes when draining begins. */
    CompletableFuture<Void> draining() {
        return draining;
    }

    /** Ends; the first reason counts. */
    void end(int code, String reason) {
        if (ended.complete(new EngineEnd(code, reason))) {
            log.info("ending: {}", reason);
        }
    }

    CompletableFuture<EngineEnd> ended() {
        return ended;
    }

    private void endIfDrained() {
        sessions.letGo();
        Duration limit = options.drainTimeout();
        if (sessions.sessions() == 0) {
            end(EngineEnd.WELL, "drained");
        } else if (over(limit, drainingFor())) {
            sessions.retire();
            if (sessions.statements() == 0) {
                end(EngineEnd.WELL, "sessions were still open " + limit + " after draining began");
            } else if (over(limit.multipliedBy(2), drainingFor())) {
                end(EngineEnd.WELL, "statements still ran " + limit.multipliedBy(2) + " after draining began");
            }
        }
    }

    private void endIfUnused() {
        Duration limit = sessions.everUsed() ? options.idleTimeout() : options.firstSessionTimeout();
        if (over(limit, sessions.unused()) && sessions.refuseNewIfUnused()) {
            end(EngineEnd.WELL, "no session for " + limit);
        }
    }

    private synchronized Duration age() {
        return since(startedAt);
    }

    private synchronized Duration drainingFor() {
        return since(drainingSince);
    }

    private synchronized Duration sinceContact() {
        return since(contactAt);
    }

    private Duration since(long moment) {
        return Duration.ofMillis(clock.millis() - moment);
    }

    private static boolean over(Duration limit, Duration time) {
        return !limit.isZero() && time.compareTo(limit) >= 0;
    }
}
