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
    private final long startedAt;
    private final CompletableFuture<EngineEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> draining = new CompletableFuture<>();
    private long contactAt;
    private long drainingSince;

    EngineLifecycle(EngineOptions options, SessionService sessions, Clock clock) {
        this.options = requireNonNull(options, "options");
        this.sessions = requireNonNull(sessions, "sessions");
        this.clock = requireNonNull(clock, "clock");
        this.startedAt = clock.millis();
        this.contactAt = startedAt;
    }

    /** Looks at the clock; to be called about once a second. */
    void tick() {
        sessions.closeIdle(options.statementIdleTimeout(), options.sessionIdleTimeout());
        if (over(options.maxLifetime(), age(startedAt))) {
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

    /** A gateway has answered. */
    synchronized void contacted() {
        contactAt = clock.millis();
    }

    /** Takes no new sessions from now on, and ends with the last that is open or after the drain time-out. */
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
        if (sessions.sessions() == 0) {
            end(EngineEnd.WELL, "drained");
        } else if (over(options.drainTimeout(), drainingFor())) {
            end(EngineEnd.WELL, "sessions were still open " + options.drainTimeout() + " after draining began");
        }
    }

    private void endIfUnused() {
        Duration limit = sessions.everUsed() ? options.idleTimeout() : options.firstSessionTimeout();
        if (over(limit, sessions.unused()) && sessions.refuseNewIfUnused()) {
            end(EngineEnd.WELL, "no session for " + limit);
        }
    }

    private synchronized Duration drainingFor() {
        return age(drainingSince);
    }

    private synchronized Duration sinceContact() {
        return age(contactAt);
    }

    private Duration age(long since) {
        return Duration.ofMillis(clock.millis() - since);
    }

    private static boolean over(Duration limit, Duration time) {
        return !limit.isZero() && time.compareTo(limit) >= 0;
    }
}
