package io.torii.server.audit;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.session.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The statements that this gateway has accepted and not yet written down. Each gets one line: when it is closed, when its
 * session ends, when it has ended and nobody asks for it any more, when it is found to have been closed at another gateway,
 * when there are too many, or when the gateway ends. Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {
    /** Where a statement is, as far as anybody has asked. */
    public enum Stage {
        WAITING,
        RUNNING,
        ENDED
    }

    /**
     * What this gateway knows of sessions; answers at once.
     *
     * @param engine the one that a session has
     * @param known whether there is such a session; asked just after it was used
     * @param user whose it is; asked just after it was used
     */
    public record SessionLookup(
            Function<SessionId, Optional<RunningEngine>> engine,
            Predicate<SessionId> known,
            Function<SessionId, Optional<String>> user) {}

    /** Asks what has become of a statement of that caller's, without waiting for a change. */
    @FunctionalInterface
    public interface StatusLookup {
        /** Fails with INVALID_HANDLE if there is no such statement any more. */
        CompletableFuture<StatementStatus> of(StatementId id, Caller caller);
    }

    private static final int MOST = 100_000;
    private static final Duration ASK_AFTER = Duration.ofMinutes(1);
    private static final int ASKED_AT_ONCE = 100;
    private static final String GATEWAY_ENDED = "gateway-ended";
    private static final String TOO_MANY = "too-many";

    private final SessionLookup sessions;
    private final StatusLookup statuses;
    private final Consumer<String> lines;
    private final SqlText sql;
    private final Duration idleTimeout;
    private final GatewayMetrics metrics;
    private final Clock clock;
    private final int most;
    private final ConcurrentMap<SessionId, Map<StatementId, Trace>> open = new ConcurrentHashMap<>();

    /** The same, in the order in which they came. Guarded by itself. */
    private final Set<Trace> byAge = new LinkedHashSet<>();

    /**
     * @param statuses asked for statements of whose end nothing is heard: a client may have gone to another gateway
     * @param lines takes each line; quickly, and without throwing
     * @param idleTimeout how long a statement that has ended is held for whoever asks; zero is as long as its session
     */
    public AuditTrail(
            SessionLookup sessions,
            StatusLookup statuses,
            Consumer<String> lines,
            SqlText sql,
            Duration idleTimeout,
            GatewayMetrics metrics,
            Clock clock) {
        this(sessions, statuses, lines, sql, idleTimeout, metrics, clock, MOST);
    }

    /** @param most statements at once; of one more the oldest is written down */
    AuditTrail(
            SessionLookup sessions,
            StatusLookup statuses,
            Consumer<String> lines,
            SqlText sql,
            Duration idleTimeout,
            GatewayMetrics metrics,
            Clock clock,
            int most) {
        this.most = most;
        this.statuses = requireNonNull(statuses, "statuses");
        this.sessions = requireNonNull(sessions, "sessions");
        this.lines = requireNonNull(lines, "lines");
        this.sql = requireNonNull(sql, "sql");
        this.idleTimeout = requireNonNull(idleTimeout, "idleTimeout");
        this.metrics = requireNonNull(metrics, "metrics");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The session has gone, and its statements with it. */
    public void sessionEnded(SessionId session) {
        Map<StatementId, Trace> ended = open.get(session);
        if (ended != null) {
            List.copyOf(ended.values()).forEach(trace -> end(trace, "session-ended"));
        }
    }

    /**
     * Writes down what has ended and was not asked for since, and asks what has become of the rest that nobody asks for; call
     * it every minute or so. Does not wait for the answers.
     */
    public void tick() {
        Instant quiet = clock.instant().minus(ASK_AFTER);
        all().filter(trace -> !trace.hasEnded() && trace.isUnusedSince(quiet))
                .limit(ASKED_AT_ONCE)
                .toList()
                .forEach(this::ask);
        if (!idleTimeout.isZero()) {
            Instant before = clock.instant().minus(idleTimeout);
            all().filter(trace -> trace.hasEnded() && trace.isUnusedSince(before))
                    .forEach(trace -> end(trace, "unused"));
        }
    }

    /** How many are open in each stage. */
    public long count(Stage stage) {
        return all().filter(trace -> stageOf(trace.state()) == stage).count();
    }

    /** Writes down what is still open: the next gateway does not know it. */
    @Override
    public void close() {
        all().forEach(trace -> end(trace, GATEWAY_ENDED));
    }

    private void ask(Trace trace) {
        trace.asked(clock.instant());
        CompletableFuture<?> unused = statuses.of(trace.id(), trace.caller()).whenComplete((status, failure) -> {
            if (failure == null) {
                seen(trace, status);
            } else if (isGone(failure)) {
                end(trace, "elsewhere");
            }
        });
    }

    /** Whose session it is; the caller's, if that cannot be told any more. */
    String userOf(SessionId session, Caller caller) {
        return sessions.user().apply(session).orElse(caller.user());
    }

    SqlText sql() {
        return sql;
    }

    Instant now() {
        return clock.instant();
    }

    void accepted(Trace trace) {
        SessionId id = trace.id().session();
        trace.runsOn(sessions.engine().apply(id));
        held(trace).ifPresent(oldest -> end(oldest, TOO_MANY));
        open.compute(id, (session, known) -> {
            Map<StatementId, Trace> traces = known == null ? new ConcurrentHashMap<>(2) : known;
            traces.put(trace.id(), trace);
            return traces;
        });
        if (!sessions.known().test(id)) {
            end(trace, "session-ended"); // while the statement was on its way: nobody would say so again
        }
    }

    /** The oldest, if there are too many now. */
    private Optional<Trace> held(Trace trace) {
        synchronized (byAge) {
            byAge.add(trace);
            return byAge.size() > most ? Optional.of(byAge.iterator().next()) : Optional.empty();
        }
    }

    Optional<Trace> find(StatementId id) {
        return Optional.ofNullable(open.get(id.session())).map(traces -> traces.get(id));
    }

    /** Of a session, those of whose end nothing has been heard. */
    List<Trace> notKnownToHaveEnded(SessionId session) {
        return Optional.ofNullable(open.get(session)).map(Map::values).stream()
                .flatMap(Collection::stream)
                .filter(trace -> !trace.hasEnded())
                .toList();
    }

    void seen(Trace trace, StatementStatus status) {
        boolean hadEngine = !status.state().isTerminal()
                || status.state() == StatementState.FINISHED
                || status.startedAt().isPresent();
        if (hadEngine) {
            trace.runsOn(sessions.engine().apply(trace.id().session()));
        }
        if (trace.seen(status, clock.instant())) {
            settled(trace);
        }
    }

    void end(Trace trace, String reason) {
        open.computeIfPresent(trace.id().session(), (session, traces) -> {
            traces.remove(trace.id());
            return traces.isEmpty() ? null : traces;
        });
        synchronized (byAge) {
            byAge.remove(trace);
        }
        if (!trace.takeLine()) {
            return;
        }
        boolean goesOn = reason.equals(GATEWAY_ENDED) || reason.equals(TOO_MANY);
        if (!trace.hasEnded() && !goesOn) {
            trace.closed(clock.instant());
            settled(trace);
        }
        lines.accept(AuditLine.of(trace, reason, clock.instant()));
    }

    private void settled(Trace trace) {
        metrics.statementEnded(
                trace.state(),
                Duration.between(trace.submittedAt(), trace.endedAt().orElseGet(clock::instant)));
        trace.startedAt().ifPresent(started -> metrics.statementWaited(Duration.between(trace.submittedAt(), started)));
        trace.event().ended(trace, trace.state().name());
    }

    private Stream<Trace> all() {
        return open.values().stream().flatMap(traces -> traces.values().stream());
    }

    /** Whether it says that there is no such statement. */
    static boolean isGone(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GatewayException known && known.code() == ErrorCode.INVALID_HANDLE;
    }

    private static Stage stageOf(StatementState state) {
        return switch (state) {
            case PENDING -> Stage.WAITING;
            case RUNNING -> Stage.RUNNING;
            default -> Stage.ENDED;
        };
    }
}
