package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.sql.SparkSession;

/** One user's conversation with the engine: a SparkSession and the statements in it. Thread-safe. */
final class EngineSession {
    private static final String FETCH_SIZE = "torii.session.fetch-size";
    private static final int DEFAULT_FETCH_SIZE = 10_000;

    /** Submissions that are sent again late must not run again: longer than a gateway's waiting ones stay in the store. */
    private static final long CLOSED_KEPT_MILLIS = 120_000;

    private static final int MOST_CLOSED_KEPT = 10_000;

    private final String id;
    private final String user;
    private final TProtocolVersion protocol;
    private final SparkSession spark;
    private final Clock clock;
    private final ConcurrentMap<String, Statement> statements = new ConcurrentHashMap<>();
    private final Map<String, Long> closed = new LinkedHashMap<>();
    private final UnstoredLines unstored = new UnstoredLines();
    private List<String> notes;
    private int journalLines;
    private boolean retired;
    private String pinned;
    private volatile long touchedAt;

    /** @param notes what the first statement's log should tell about the opening */
    EngineSession(
            String id, String user, TProtocolVersion protocol, SparkSession spark, List<String> notes, Clock clock) {
        this.id = requireNonNull(id, "id");
        this.user = requireNonNull(user, "user");
        this.protocol = requireNonNull(protocol, "protocol");
        this.spark = requireNonNull(spark, "spark");
        this.notes = new ArrayList<>(notes);
        this.clock = requireNonNull(clock, "clock");
        this.touchedAt = clock.millis();
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    TProtocolVersion protocol() {
        return protocol;
    }

    SparkSession spark() {
        return spark;
    }

    /** Rows in a page, as the settings of this session, or of a copy of it, are now. */
    static int fetchSize(SparkSession settings) {
        String setting = settings.conf().get(FETCH_SIZE, "");
        try {
            return setting.isEmpty() ? DEFAULT_FETCH_SIZE : Math.max(1, Integer.parseInt(setting.trim()));
        } catch (NumberFormatException e) {
            return DEFAULT_FETCH_SIZE;
        }
    }

    void touch() {
        touchedAt = clock.millis();
    }

    /** Counts as use of it and of its statements. */
    void woke() {
        touch();
        statements.values().forEach(Statement::touch);
    }

    long touchedAt() {
        return touchedAt;
    }

    /**
     * Adds a statement; false, and no change, if one with its id is there, or was there and has been closed. A session that
     * takes no more is as one that is not there: the gateway takes the statement to another engine.
     */
    synchronized boolean add(Statement statement) {
        if (wasClosed(statement) || statements.containsKey(statement.id())) {
            return false;
        }
        if (retired) {
            throw new WireException(
                    WireProtocol.NO_SUCH_SESSION, "The engine is about to end and has let the session go");
        }
        statements.put(statement.id(), statement);
        takeNotes().forEach(statement.log()::warn);
        return true;
    }

    /** Earlier statements of which this one, by way of another gateway, may be the second try; the first first. */
    synchronized List<Statement> earlier(Statement submitted) {
        return statements.containsKey(submitted.id())
                ? Collections.emptyList()
                : statements.values().stream()
                        .distinct()
                        .filter(known -> isInDoubt(known, submitted))
                        .sorted(Comparator.comparingLong(Statement::startedAt))
                        .collect(Collectors.toList());
    }

    /** Has the earlier statement, if it is there and in doubt still, go by the name of this one too, which is then not to run. */
    synchronized boolean isAgain(Statement submitted, Statement earlier) {
        if (statements.containsKey(submitted.id())
                || !statements.containsValue(earlier)
                || !isInDoubt(earlier, submitted)) {
            return false;
        }
        earlier.handover().passTo(submitted.handover());
        statements.put(submitted.id(), earlier);
        return true;
    }

    private static boolean isInDoubt(Statement known, Statement submitted) {
        return known.text().equals(submitted.text()) && known.handover().isInDoubtFor(submitted.handover());
    }

    /** Takes no more statements from now on. */
    synchronized void retire() {
        retired = true;
    }

    /** As {@link #retire}, unless there is a statement, or state that no journal can bring back. */
    synchronized boolean tryRetire() {
        if (!statements.isEmpty() || pinned != null || !unstored.isEmpty()) {
            return false;
        }
        retired = true;
        return true;
    }

    /** A statement has done this to the session. */
    synchronized void changed(Statement statement, SessionEffect effect) {
        if (pinned == null) {
            pinned = effect.pinned().orElse(null);
        }
        if (effect.isJournalled()) {
            journalLines++;
            unstored.add(statement);
        }
    }

    /** Its journal has got so many lines more. */
    synchronized void journalled(int lines) {
        journalLines += lines;
    }

    /** Whether a journal of so many lines tells nothing that is not known here: lines go when later ones say as much. */
    synchronized boolean mayHave(int lines) {
        return lines <= journalLines;
    }

    /** What nobody has said to be in the store, as a header tells it. */
    synchronized Optional<String> journal() {
        return unstored.told();
    }

    /** The store has the lines of these statements. */
    synchronized void stored(Collection<String> lines) {
        unstored.stored(lines);
    }

    /** What no journal can bring back, if there is anything. */
    synchronized Optional<String> pinned() {
        return Optional.ofNullable(pinned);
    }

    Optional<Statement> statement(String statement) {
        return Optional.ofNullable(statements.get(statement));
    }

    void remove(Statement statement) {
        synchronized (this) {
            statements.forEach((name, known) -> {
                if (known == statement) {
                    closed(name);
                }
            });
            statements.values().removeIf(known -> known == statement);
        }
    }

    private void closed(String statement) {
        synchronized (closed) {
            long now = clock.millis();
            closed.put(statement, now);
            Iterator<Long> oldest = closed.values().iterator();
            while (oldest.next() < now - CLOSED_KEPT_MILLIS || closed.size() > MOST_CLOSED_KEPT) {
                oldest.remove();
            }
        }
    }

    /** Each once, whatever names it goes by. */
    Collection<Statement> statements() {
        return new LinkedHashSet<>(statements.values());
    }

    /** Statements that have not ended, or rows of which are still to come. */
    int running() {
        return (int) statements().stream().filter(Statement::isAtWork).count();
    }

    private boolean wasClosed(Statement statement) {
        synchronized (closed) {
            return closed.containsKey(statement.id());
        }
    }

    private List<String> takeNotes() {
        List<String> taken = notes;
        notes = new ArrayList<>();
        return taken;
    }
}
