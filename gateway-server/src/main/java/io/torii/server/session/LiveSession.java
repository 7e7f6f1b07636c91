package io.torii.server.session;

import io.torii.api.engine.LaunchTag;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.settings.SessionSettings;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What one gateway holds of a session: the row as it was last read, and what the row does not say. Thread-safe. */
final class LiveSession {
    /** The row, as it was read then. */
    private record Reading(StoredSession row, SessionSettings settings, Instant at) {}

    /** @param engine the one that got it, if this gateway has sent it */
    private record Open(Optional<LaunchTag> engine, Instant usedAt) {}

    private final AtomicReference<List<String>> notes;
    private final AtomicReference<Instant> touchedAt;
    private final Map<StatementId, GatewayStatement> statements = new ConcurrentHashMap<>(2);
    private final Map<StatementId, Open> open = new ConcurrentHashMap<>(2);
    private volatile Reading reading;
    private volatile Instant usedAt;
    private volatile Optional<EngineChannel> channel = Optional.empty();
    private volatile boolean closed;
    private volatile boolean roaming;
    private final AtomicReference<Instant> lookedAfterUseAt = new AtomicReference<>(Instant.MIN);

    LiveSession(StoredSession row, List<String> notes, Instant now) {
        this.notes = new AtomicReference<>(List.copyOf(notes));
        this.touchedAt = new AtomicReference<>(row.usedAt());
        this.usedAt = row.usedAt();
        update(row, now);
    }

    SessionId id() {
        return session().id();
    }

    Session session() {
        return reading.row().session();
    }

    StoredSession row() {
        return reading.row();
    }

    SessionSettings settings() {
        return reading.settings();
    }

    synchronized void update(StoredSession row, Instant now) {
        reading = new Reading(row, new SessionSettings(row.session().settings()), now);
        channel = channel.filter(known ->
                row.engine().map(tag -> tag.equals(known.engine().tag())).orElse(true));
    }

    boolean isOlderThan(Duration age, Instant now) {
        return reading.at().plus(age).isBefore(now);
    }

    /** The connection to the session's engine, if there is one that has not been lost. */
    Optional<EngineChannel> channel() {
        Optional<EngineChannel> known = channel;
        return known.isPresent() && known.get().lost().isDone() ? Optional.empty() : known;
    }

    void connected(EngineChannel engine) {
        channel = Optional.of(engine);
    }

    /** Notes what the store has just heard: the session has this engine now. */
    synchronized void bound(EngineChannel engine) {
        StoredSession row = reading.row();
        StoredSession bound = new StoredSession(
                row.session(), row.usedAt(), Optional.of(engine.engine().tag()), row.pinned());
        reading = new Reading(bound, reading.settings(), reading.at());
        connected(engine);
    }

    synchronized void pinned(String reason) {
        StoredSession row = reading.row();
        reading = new Reading(
                new StoredSession(row.session(), row.usedAt(), row.engine(), reason), reading.settings(), reading.at());
    }

    void disconnected(EngineChannel engine) {
        if (channel.filter(known -> known == engine).isPresent()) {
            channel = Optional.empty();
        }
    }

    Instant usedAt() {
        return usedAt;
    }

    /** Notes the use; true if the store is to hear of it now. */
    boolean use(Instant now, Duration interval) {
        usedAt = now;
        return touchIsDue(now, interval);
    }

    /** True, once an interval, if it was used since the store last heard of that. */
    boolean touchIsDue(Instant now, Duration interval) {
        Instant touched = touchedAt.get();
        return usedAt.isAfter(touched)
                && !touched.plus(interval).isAfter(now)
                && touchedAt.compareAndSet(touched, usedAt);
    }

    /** The store has not heard of it after all. */
    void notTouched() {
        touchedAt.set(Instant.EPOCH);
    }

    /** True once after each use. */
    boolean isFirstLook() {
        Instant used = usedAt;
        return !used.equals(lookedAfterUseAt.getAndSet(used));
    }

    /** What became of the settings sent at the opening; to be told once. */
    List<String> takeNotes() {
        return notes.get().isEmpty() ? List.of() : notes.getAndSet(List.of());
    }

    Optional<GatewayStatement> statement(StatementId id) {
        return Optional.ofNullable(statements.get(id));
    }

    Collection<GatewayStatement> statements() {
        return statements.values();
    }

    void hold(GatewayStatement statement) {
        statements.put(statement.id(), statement);
    }

    int openStatements() {
        return open.size();
    }

    void opened(StatementId id, Instant now) {
        open.put(id, new Open(Optional.empty(), now));
    }

    boolean isOpen(StatementId id) {
        return open.containsKey(id);
    }

    /** Whether the store knows that gateways hand out rows of statements that others have sent. */
    boolean isRoaming() {
        return roaming;
    }

    void roams() {
        roaming = true;
    }

    /** Notes which engine runs the statement. */
    void runs(StatementId id, LaunchTag engine) {
        open.computeIfPresent(id, (statement, known) -> new Open(Optional.of(engine), known.usedAt()));
    }

    /** Notes that somebody asked for a statement, which may have been submitted at another gateway. */
    void used(StatementId id, Instant now) {
        open.compute(id, (statement, known) -> new Open(known == null ? Optional.empty() : known.engine(), now));
    }

    /** The engine that got the statement, if this gateway has sent it. */
    Optional<LaunchTag> engineOf(StatementId id) {
        return Optional.ofNullable(open.get(id)).flatMap(Open::engine);
    }

    List<StatementId> unusedSince(Instant before) {
        return open.entrySet().stream()
                .filter(entry -> entry.getValue().usedAt().isBefore(before))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Open statements, the last used first. */
    List<StatementId> lastUsed(int max) {
        return open.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().usedAt(), Comparator.reverseOrder()))
                .limit(max)
                .map(Map.Entry::getKey)
                .toList();
    }

    void forget(StatementId id) {
        statements.remove(id);
        open.remove(id);
    }

    /** Whether nothing would be lost by forgetting it. */
    boolean isForgettable() {
        return statements.values().stream().allMatch(statement -> statement.phase() instanceof Phase.Sent);
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }
}
