package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.sql.SparkSession;

/** One user's conversation with the engine: a SparkSession and the statements in it. Thread-safe. */
final class EngineSession {
    private static final String FETCH_SIZE = "torii.session.fetch-size";
    private static final int DEFAULT_FETCH_SIZE = 10_000;

    /** Submissions that are sent again late must not run again. */
    private static final int CLOSED_KEPT = 32;

    private final String id;
    private final String user;
    private final TProtocolVersion protocol;
    private final SparkSession spark;
    private final Clock clock;
    private final ConcurrentMap<String, Statement> statements = new ConcurrentHashMap<>();
    private final Deque<String> closed = new ArrayDeque<>();
    private List<String> notes;
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

    long touchedAt() {
        return touchedAt;
    }

    /** Adds a statement; false, and no change, if one with its id is there, or was there and has been closed. */
    boolean add(Statement statement) {
        if (wasClosed(statement) || statements.putIfAbsent(statement.id(), statement) != null) {
            return false;
        }
        takeNotes().forEach(statement.log()::warn);
        return true;
    }

    Optional<Statement> statement(String statement) {
        return Optional.ofNullable(statements.get(statement));
    }

    void remove(Statement statement) {
        synchronized (closed) {
            closed.addLast(statement.id());
            if (closed.size() > CLOSED_KEPT) {
                closed.removeFirst();
            }
        }
        statements.remove(statement.id(), statement);
    }

    Collection<Statement> statements() {
        return statements.values();
    }

    /** Statements that have not ended. */
    int running() {
        return (int) statements.values().stream()
                .filter(statement -> !statement.state().isTerminal())
                .count();
    }

    private boolean wasClosed(Statement statement) {
        synchronized (closed) {
            return closed.contains(statement.id());
        }
    }

    private synchronized List<String> takeNotes() {
        List<String> taken = notes;
        notes = new ArrayList<>();
        return taken;
    }
}
