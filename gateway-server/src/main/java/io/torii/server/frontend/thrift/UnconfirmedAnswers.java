package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers of which it is not known that their clients have them. Those that are under way are all kept; of those that were
 * lost each session has a bounded number, so that one cannot have those of others forgotten. Guarded by its owner.
 *
 * @param <K> what was asked for
 * @param <T> the answer
 */
final class UnconfirmedAnswers<K, T> {
    /** Lost answers of a session. */
    static final int OF_SESSION = 100;

    /** Lost answers of all sessions: those of the session that has lost none for longest go first. */
    private static final int OF_ALL = 100_000;

    /**
     * An answer that is being made or sent, or was lost.
     *
     * @param through whether the client has it, once that is known
     */
    record Pending<T>(CompletableFuture<Boolean> through, CompletableFuture<T> answer) {
        Pending() {
            this(new CompletableFuture<>(), new CompletableFuture<>());
        }

        boolean isLost() {
            return through.isDone();
        }
    }

    private final Function<K, SessionId> sessions;
    private final Map<K, Pending<T>> answers = new HashMap<>();
    private final Map<SessionId, Set<K>> lost = new LinkedHashMap<>();
    private int allLost;

    /** @param sessions says whose it is */
    UnconfirmedAnswers(Function<K, SessionId> sessions) {
        this.sessions = sessions;
    }

    Optional<Pending<T>> find(K key) {
        return Optional.ofNullable(answers.get(key));
    }

    /** An answer is under way, in place of an earlier one that was lost. */
    void begin(K key, Pending<T> answer) {
        answers.put(key, answer);
        noLongerLost(key);
    }

    /** Its client has it. */
    void arrived(K key, Pending<T> answer) {
        answers.remove(key, answer);
    }

    /** It will not get to its client. */
    void lost(K key, Pending<T> answer) {
        if (answers.get(key) != answer) {
            return;
        }
        SessionId session = sessions.apply(key);
        Set<K> itsOwn = lost.remove(session);
        if (itsOwn == null) {
            itsOwn = new LinkedHashSet<>();
        }
        lost.put(session, itsOwn); // at the end
        itsOwn.add(key);
        allLost++;
        if (itsOwn.size() > OF_SESSION) {
            forgetFirst(itsOwn);
        } else if (allLost > OF_ALL) {
            Iterator<Set<K>> eldest = lost.values().iterator();
            Set<K> keys = eldest.next();
            forgetFirst(keys);
            if (keys.isEmpty()) {
                eldest.remove();
            }
        }
    }

    private void forgetFirst(Set<K> keys) {
        Iterator<K> first = keys.iterator();
        answers.remove(first.next());
        first.remove();
        allLost--;
    }

    private void noLongerLost(K key) {
        SessionId session = sessions.apply(key);
        Set<K> itsOwn = lost.get(session);
        if (itsOwn != null && itsOwn.remove(key)) {
            allLost--;
            if (itsOwn.isEmpty()) {
                lost.remove(session);
            }
        }
    }
}
