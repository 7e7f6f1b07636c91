package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.engine.LaunchTag;
import io.torii.engine.yarn.message.ApplicationRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all applications of a cluster with one question: every second while one of them starts, every ten seconds otherwise,
 * never if nobody wants to know. Blocks no thread. Thread-safe.
 */
final class Poller implements AutoCloseable {
    /** What the poller asks. */
    interface Questions {
        /** What is alive now, by tag. */
        CompletableFuture<Map<LaunchTag, ApplicationRow>> live();

        /** This one application, with the reason if it has ended. */
        CompletableFuture<Optional<Application>> find(LaunchTag tag);
    }

    private static final Logger log = LoggerFactory.getLogger(Poller.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** Until the next answer should be there, and a little more. */
    private static final Duration FRESH = Duration.ofMillis(1_500);

    private static final int SLOW_TICKS = 10;
    /** What has happened takes the cluster a moment to see. */
    private static final int HURRIED_TICKS = 3;
    /** So long after it has a driver an engine may still fail to start. */
    private static final int STARTING_TICKS = 30;

    private static final class Watched {
        private final List<CompletableFuture<Application>> ends = new ArrayList<>();
        private int runningTicks;

        private boolean starting() {
            return runningTicks < STARTING_TICKS;
        }
    }

    private final String cluster;
    private final Questions questions;
    private final ScheduledFuture<?> ticking;
    private final Map<LaunchTag, Watched> watched = new HashMap<>();
    private Map<LaunchTag, ApplicationRow> last = Map.of();
    private long lastAt;
    /** How often something has happened. */
    private int happened;

    private int sinceLast = SLOW_TICKS;
    private int hurried;
    private boolean asking;
    private boolean silent;

    /** @param scheduler runs short tasks only */
    Poller(String cluster, Questions questions, ScheduledExecutorService scheduler) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.questions = requireNonNull(questions, "questions");
        this.ticking =
                scheduler.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Completes once it has ended; cancel it to watch no longer. */
    CompletableFuture<Application> endOf(LaunchTag tag) {
        CompletableFuture<Application> end = new CompletableFuture<>();
        synchronized (this) {
            watched.computeIfAbsent(tag, fresh -> new Watched()).ends.add(end);
        }
        return end;
    }

    /** Asks at each of the next seconds, for something has happened, and takes nothing for known until then. */
    synchronized void soon() {
        hurried = HURRIED_TICKS;
        last = Map.of();
        happened++;
    }

    /** The application if it waited for its driver when all were asked for last, a moment ago. */
    synchronized Optional<ApplicationRow> waiting(LaunchTag tag) {
        return System.nanoTime() - lastAt < FRESH.toNanos()
                ? Optional.ofNullable(last.get(tag)).filter(row -> !row.running())
                : Optional.empty();
    }

    @Override
    public void close() {
        ticking.cancel(false);
    }

    /** Asks if it is time to. */
    void tick() {
        int before;
        synchronized (this) {
            before = happened;
            watched.values().forEach(one -> one.ends.removeIf(CompletableFuture::isDone));
            watched.values().removeIf(one -> one.ends.isEmpty());
            sinceLast++;
            boolean due = hurried > 0
                    || sinceLast >= SLOW_TICKS
                    || watched.values().stream().anyMatch(Watched::starting);
            if (asking || watched.isEmpty() || !due) {
                return;
            }
            asking = true;
            sinceLast = 0;
            hurried = Math.max(0, hurried - 1);
        }
        List<LaunchTag> wanted = wanted();
        CompletableFuture<Void> unused = CompletableFuture.completedFuture(wanted)
                .thenCompose(tags -> questions.live().thenCompose(live -> {
                    remember(live, before);
                    return look(tags, live);
                }))
                .whenComplete((looked, failure) -> done(failure));
    }

    /** Unless something has happened since that was asked. */
    private synchronized void remember(Map<LaunchTag, ApplicationRow> live, int before) {
        if (before == happened) {
            last = live;
            lastAt = System.nanoTime();
        }
    }

    private synchronized List<LaunchTag> wanted() {
        return List.copyOf(watched.keySet());
    }

    private CompletableFuture<Void> look(List<LaunchTag> wanted, Map<LaunchTag, ApplicationRow> live) {
        List<CompletableFuture<?>> looks = new ArrayList<>();
        for (LaunchTag tag : wanted) {
            ApplicationRow row = live.get(tag);
            if (row == null) {
                looks.add(questions.find(tag).thenAccept(found -> lookedUp(tag, found)));
            } else if (row.running()) {
                running(tag);
            }
        }
        return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new));
    }

    private synchronized void running(LaunchTag tag) {
        Watched one = watched.get(tag);
        if (one != null) {
            one.runningTicks++;
        }
    }

    private void lookedUp(LaunchTag tag, Optional<Application> found) {
        if (found.isPresent() && found.get().alive()) {
            return; // it has come up since
        }
        Application end = found.orElseGet(
                () -> Application.ended(tag, "", "cluster " + cluster + " knows no application with the tag " + tag));
        List<CompletableFuture<Application>> told;
        synchronized (this) {
            Watched one = watched.remove(tag);
            told = one == null ? List.of() : one.ends;
        }
        told.forEach(waiting -> waiting.complete(end));
    }

    private void done(Throwable failure) {
        synchronized (this) {
            asking = false;
            if ((failure != null) == silent) {
                return;
            }
            silent = failure != null;
        }
        if (failure == null) {
            log.atInfo().addKeyValue("cluster", cluster).log("cluster answers again");
        } else {
            log.atWarn()
                    .addKeyValue("cluster", cluster)
                    .log("cluster does not say what runs: {}", failure.getMessage());
        }
    }
}
