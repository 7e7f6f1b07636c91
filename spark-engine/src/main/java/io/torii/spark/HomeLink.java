package io.torii.spark;

import static java.util.Objects.requireNonNull;

import io.torii.spark.session.SessionService;
import io.torii.wire.HomeCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in touch with the gateways: registers, tells the engine's state at each interval, does what they say. A gateway that
 * cannot be reached is no failure: the lifecycle counts the time without one. Thread-safe.
 */
final class HomeLink {
    private static final Logger log = LoggerFactory.getLogger(HomeLink.class);
    private static final Duration UNTIL_REGISTERED = Duration.ofMillis(500);

    private final Home home;
    private final EngineLifecycle lifecycle;
    private final SessionService sessions;
    private final ScheduledExecutorService thread;
    private volatile Duration interval = UNTIL_REGISTERED;
    private volatile boolean registered;
    private boolean silent;

    /** @param thread the only one on which home is called */
    HomeLink(Home home, EngineLifecycle lifecycle, SessionService sessions, ScheduledExecutorService thread) {
        this.home = requireNonNull(home, "home");
        this.lifecycle = requireNonNull(lifecycle, "lifecycle");
        this.sessions = requireNonNull(sessions, "sessions");
        this.thread = requireNonNull(thread, "thread");
    }

    /** Registers at once, calls at each interval from then on, and when draining begins. */
    void start() {
        thread.execute(this::callAndGoOn);
        lifecycle.draining().thenRunAsync(this::call, thread).exceptionally(thrown -> {
            log.debug("not calling home any more: the engine ends");
            return null;
        });
    }

    boolean isRegistered() {
        return registered;
    }

    /** One call: the registration until it is done, a heartbeat after that. */
    void call() {
        try {
            if (registered) {
                obey(home.heartbeat(lifecycle.isDraining(), sessions.sessions(), sessions.statements()));
            } else {
                register();
            }
            lifecycle.contacted();
            silent = false;
        } catch (IOException | RuntimeException e) {
            if (!silent) {
                log.warn("no gateway answers: {}", e.getMessage());
            }
            silent = true;
        }
    }

    /** Says goodbye, if the engine is known at all; gives up after this time. */
    void leave(String reason, Duration most) {
        if (!registered) {
            return;
        }
        try {
            Future<?> said = thread.submit(() -> {
                home.leave(reason);
                return null;
            });
            said.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.warn("could not say goodbye to a gateway: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void callAndGoOn() {
        call();
        if (!lifecycle.ended().isDone()) {
            try {
                thread.schedule(this::callAndGoOn, interval.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("not calling home any more: the engine ends");
            }
        }
    }

    private void register() throws IOException {
        Optional<Duration> heartbeats = home.register();
        if (heartbeats.isPresent()) {
            interval = heartbeats.get();
            registered = true;
            log.info("registered; heartbeats every {}", interval);
        } else {
            lifecycle.end(EngineEnd.REFUSED, "the gateway refused the registration");
        }
    }

    private void obey(HomeCommand command) {
        switch (command) {
            case DRAIN:
                lifecycle.drain("a gateway said so");
                break;
            case EXIT:
                lifecycle.end(EngineEnd.WELL, "a gateway said so");
                break;
            case UNKNOWN:
                lifecycle.drain("the gateways do not know this engine any more");
                break;
            case NONE:
                break;
        }
    }
}
