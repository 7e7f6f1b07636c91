package io.torii.server.engine;

import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timers that ring when the test says so, whatever their delay. One thread at a time. */
final class ManualTimers implements Timers {
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public Runnable after(Duration delay, Runnable action) {
        waiting.add(action);
        return () -> waiting.remove(action);
    }

    /** Rings all that are set now. */
    void ring() {
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    int waiting() {
        return waiting.size();
    }
}
