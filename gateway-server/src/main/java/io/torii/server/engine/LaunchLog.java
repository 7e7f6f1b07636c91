package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.LaunchTag;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an engine writes while it starts, line by line, for whoever waits for it: what is not chat, of level INFO and below. A
 * cluster that cannot say is asked again.
 * One launch. Thread-safe.
 */
final class LaunchLog {
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** What takes longer is looked at less often. */
    private static final Duration LONGER_PAUSE = Duration.ofSeconds(2);

    private static final int SOON = 10;
    private static final Pattern LEVEL =
            Pattern.compile("\\d[0-9/.:,TZ-]+ (?:[0-9.:,]+ )?(TRACE|DEBUG|INFO|WARN|ERROR|FATAL) ");
    private static final int LOOKED_AT = 200;
    private static final int MOST_LINES = 500;

    private final ClusterBackend cluster;
    private final LaunchTag tag;
    private final Timers timers;
    private final Consumer<String> listener;
    private int looks;
    private String waitsFor = "";
    private boolean begun;
    private boolean chatting;
    private String last = "";
    private int told;
    private boolean ended;

    LaunchLog(ClusterBackend cluster, LaunchTag tag, Timers timers, Consumer<String> listener) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.tag = requireNonNull(tag, "tag");
        this.timers = requireNonNull(timers, "timers");
        this.listener = requireNonNull(listener, "listener");
    }

    /** Begins to tell. */
    void follow() {
        timers.after(PAUSE, this::look);
    }

    /** What the cluster says that the engine waits for now; empty if it has come further. */
    synchronized String waitsFor() {
        return waitsFor;
    }

    /** Tells no more. */
    synchronized void end() {
        ended = true;
    }

    private void look() {
        synchronized (this) {
            if (ended || told >= MOST_LINES) {
                return;
            }
        }
        cluster.find(tag)
                .exceptionally(failure -> Optional.empty())
                .thenCompose(
                        found -> waits(found) ? CompletableFuture.completedFuture("") : cluster.log(tag, LOOKED_AT))
                .whenComplete((text, failure) -> {
                    if (failure == null) {
                        tell(text.lines().toList());
                    }
                    again();
                });
    }

    private void again() {
        boolean soon;
        synchronized (this) {
            soon = ++looks < SOON;
        }
        timers.after(soon ? PAUSE : LONGER_PAUSE, this::look);
    }

    /** Tells what it waits for, if that is news; who waits has written nothing yet. */
    private synchronized boolean waits(Optional<Application> found) {
        boolean waiting = found.filter(application -> application.state() == Application.State.WAITING)
                .isPresent();
        String reason = waiting ? found.get().diagnostics() : "";
        if (!ended && !reason.isEmpty() && !reason.equals(waitsFor)) {
            listener.accept("The engine waits: " + reason);
        }
        waitsFor = reason;
        return waiting;
    }

    /** A line that begins with a time says its level; one that does not goes on from the one before. */
    private boolean isForPeople(String line) {
        Matcher level = LEVEL.matcher(line);
        if (level.lookingAt()) {
            chatting = !level.group(1).equals("WARN")
                    && !level.group(1).equals("ERROR")
                    && !level.group(1).equals("FATAL");
        }
        return !chatting;
    }

    /** Lines that are alike tell nothing of where the last look ended: the last one of them counts. */
    private synchronized void tell(List<String> lines) {
        int first = begun ? lines.lastIndexOf(last) + 1 : 0;
        for (String line : lines.subList(first, lines.size())) {
            if (ended || told >= MOST_LINES) {
                return;
            }
            last = line;
            begun = true;
            if (isForPeople(line)) {
                told++;
                listener.accept(line);
            }
        }
    }
}
