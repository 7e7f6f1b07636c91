package io.torii.spark.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What statements did to their session and could not tell with their own end: a cancel came in between, or nobody asked for
 * the end. Each is told once, with the next end of a statement in the session. Not thread-safe: its session's lock guards it.
 */
final class LateEffects {
    private final Deque<Told> waiting = new ArrayDeque<>();
    private final Map<String, Told> told = new HashMap<>();

    /** What the end of a statement says about the session. Immutable. */
    static final class Told {
        private final String journal;
        private final String pinned;

        private Told(String journal, String pinned) {
            this.journal = journal;
            this.pinned = pinned;
        }

        private static Told of(SessionEffect effect, String text) {
            return new Told(effect.isJournalled() ? text : null, effect.pinned().orElse(null));
        }

        Optional<String> journal() {
            return Optional.ofNullable(journal);
        }

        Optional<String> pinned() {
            return Optional.ofNullable(pinned);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(SessionEffect effect, String text) {
        waiting.addLast(Told.of(effect, text));
    }

    /** Has the statement tell what waits, beside its own effect. */
    Told tellWith(Statement statement) {
        Told own = own(statement);
        if (waiting.isEmpty()) {
            return own;
        }
        Told both;
        if (own.journal == null) {
            Told first = waiting.removeFirst();
            both = new Told(first.journal, own.pinned == null ? first.pinned : own.pinned);
        } else {
            // one line goes with one end, and the lines would be in the wrong order later
            waiting.clear();
            both = new Told(own.journal, SessionEffect.UNKNOWN.pinned().get());
        }
        told.put(statement.id(), both);
        return both;
    }

    /** The same again, for a status that is asked for twice. */
    Told toldBy(Statement statement) {
        Told both = told.get(statement.id());
        return both == null ? own(statement) : both;
    }

    /** Nobody can ask for this statement any more. */
    void forget(Statement statement) {
        told.remove(statement.id());
    }

    private static Told own(Statement statement) {
        return Told.of(statement.effect(), statement.text());
    }
}
