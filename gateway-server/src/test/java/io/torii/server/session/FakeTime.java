package io.torii.server.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that stands still, and timers that ring, when the test moves it. One thread at a time. */
final class FakeTime extends Clock implements Timers {
    private record Ring(Instant at, Runnable action) {}

    private final List<Ring> rings = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Runnable after(Duration delay, Runnable action) {
        Ring ring = new Ring(now.plus(delay), action);
        rings.add(ring);
        return () -> rings.removeIf(other -> other == ring);
    }

    void advance(Duration by) {
        Instant end = now.plus(by);
        Optional<Ring> next = nextBefore(end);
        while (next.isPresent()) {
            Ring ring = next.get();
            rings.remove(ring);
            now = ring.at().isAfter(now) ? ring.at() : now;
            ring.action().run();
            next = nextBefore(end);
        }
        now = end;
    }

    /** Timers that are set. */
    int waiting() {
        return rings.size();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("one zone only");
    }

    private Optional<Ring> nextBefore(Instant end) {
        return rings.stream().filter(ring -> !ring.at().isAfter(end)).min(Comparator.comparing(Ring::at));
    }
}
