package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The sessions of one engine, by id. Each belongs to the user that opened it. Thread-safe. */
final class EngineSessions {
    private final Object lock = new Object();
    private final Map<String, Entry> sessions = new HashMap<>();
    private final Clock clock;
    private boolean refusing;
    private boolean retired;
    private boolean everOpened;
    private long emptySince;

    EngineSessions(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        this.emptySince = clock.millis();
    }

    private static final class Entry {
        private final String user;
        private final CompletableFuture<EngineSession> session = new CompletableFuture<>();

        private Entry(String user) {
            this.user = user;
        }
    }

    /**
     * The session with this id, opened on the executor if it is not there yet; whoever asks at once shares one attempt,
     * and one that fails leaves nothing. Throws a WireException if the engine takes no new sessions.
     */
    CompletableFuture<EngineSession> open(String id, String user, Supplier<EngineSession> opening, Executor executor) {
        Entry entry;
        synchronized (lock) {
            Entry known = sessions.get(id);
            if (known != null && !retired) {
                return owned(known, user);
            }
            if (refusing) {
                throw new WireException(WireProtocol.DRAINING, "The engine takes no new sessions: it is about to end");
            }
            entry = new Entry(user);
            sessions.put(id, entry);
            everOpened = true;
        }
        try {
            executor.execute(() -> complete(id, entry, opening));
        } catch (RuntimeException e) {
            forget(id, entry);
            throw e;
        }
        return entry.session;
    }

    private void complete(String id, Entry entry, Supplier<EngineSession> opening) {
        try {
            EngineSession session = opening.get();
            entry.session.complete(session);
            if (isRetired()) {
                session.retire();
            }
        } catch (Throwable thrown) {
            forget(id, entry);
            entry.session.completeExceptionally(thrown);
        }
    }

    /** The session with this id; throws a WireException if there is none, or it is somebody else's. */
    CompletableFuture<EngineSession> require(String id, Optional<String> user) {
        synchronized (lock) {
            Entry entry = sessions.get(id);
            if (entry == null) {
                throw new WireException(WireProtocol.NO_SUCH_SESSION, "The engine has no session " + id);
            }
            return owned(entry, user.orElse(entry.user));
        }
    }

    /** Takes the session out, if it is there. */
    void remove(EngineSession session) {
        synchronized (lock) {
            sessions.remove(session.id());
            emptySince = clock.millis();
        }
    }

    /** Sessions, those included that are being opened. */
    int size() {
        synchronized (lock) {
            return sessions.size();
        }
    }

    boolean everOpened() {
        synchronized (lock) {
            return everOpened;
        }
    }

    /** When the last session went, or the engine started; in milliseconds. Means nothing while there are sessions. */
    long emptySince() {
        synchronized (lock) {
            return emptySince;
        }
    }

    /** Counts as use of everything. */
    void woke() {
        synchronized (lock) {
            emptySince = clock.millis();
        }
        all().forEach(EngineSession::woke);
    }

    /** Sessions that are open now. */
    List<EngineSession> all() {
        List<EngineSession> open = new ArrayList<>();
        synchronized (lock) {
            for (Entry entry : sessions.values()) {
                if (entry.session.isDone() && !entry.session.isCompletedExceptionally()) {
                    open.add(entry.session.join());
                }
            }
        }
        return open;
    }

    void refuseNew() {
        synchronized (lock) {
            refusing = true;
        }
    }

    /** Refuses new sessions, and in those that there are new statements. */
    void retire() {
        synchronized (lock) {
            refusing = true;
            retired = true;
        }
        all().forEach(EngineSession::retire);
    }

    /** Refuses new sessions from now on, if there is none at this moment. */
    boolean refuseNewIfEmpty() {
        synchronized (lock) {
            refusing |= sessions.isEmpty();
            return sessions.isEmpty();
        }
    }

    private boolean isRetired() {
        synchronized (lock) {
            return retired;
        }
    }

    private static CompletableFuture<EngineSession> owned(Entry entry, String user) {
        if (!entry.user.equals(user)) {
            throw new WireException(WireProtocol.BAD_REQUEST, "The session belongs to another user");
        }
        return entry.session;
    }

    private void forget(String id, Entry entry) {
        synchronized (lock) {
            sessions.remove(id, entry);
            emptySince = clock.millis();
        }
    }

    /** What a stage failed with. */
    static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
