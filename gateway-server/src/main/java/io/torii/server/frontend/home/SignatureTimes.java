package io.torii.server.frontend.home;

import io.torii.api.engine.LaunchTag;
import io.torii.wire.Signature;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each engine signed last what it sends to a path, so that nobody who has overheard a request can send it again. Each
 * gateway remembers for itself: with another one, what was overheard is good for as long as a signature is. Bounded, thread-safe.
 */
final class SignatureTimes {
    private static final int MAX_KEPT = 20_000;

    private final Map<Sender, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sender, Long> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Sender(LaunchTag tag, String path) {}

    /**
     * Records the time; false if this engine has signed a request to this path at that time or later before.
     *
     * @param now what was signed later than a signature may be was signed before somebody set the clocks back, and counts no more
     */
    synchronized boolean admit(LaunchTag tag, String path, long signedAt, long now) {
        Sender sender = new Sender(tag, path);
        Long before = last.get(sender);
        if (before != null && before >= signedAt && before - now <= Signature.MAX_AHEAD.toMillis()) {
            return false;
        }
        last.put(sender, signedAt);
        return true;
    }
}
