package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.LaunchTag;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What an engine writes while it starts, line by line, for whoever waits for it. A cluster that cannot say is asked again.
 * One launch. Thread-safe.
 */
final class LaunchLog {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int LOOKED_AT = 200;
    private static final int MOST_LINES = 500;

    private final ClusterBackend cluster;
    private final LaunchTag tag;
    private final Timers timers;
    private final Consumer<String> listener;
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
        cluster.log(tag, LOOKED_AT).whenComplete((text, failure) -> {
            if (failure == null) {
                tell(text.lines().toList());
            }
            follow();
        });
    }

    /** Lines that are alike tell nothing of where the last look ended: the last one of them counts. */
    private synchronized void tell(List<String> lines) {
        int first = told == 0 ? 0 : lines.lastIndexOf(last) + 1;
        for (String line : lines.subList(first, lines.size())) {
            if (ended || told >= MOST_LINES) {
                return;
            }
            last = line;
            told++;
            listener.accept(line);
        }
    }
}
