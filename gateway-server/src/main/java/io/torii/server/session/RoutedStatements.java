package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EnginePage;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.store.StatementRepository;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Statements of any gateway's sessions: what this gateway knows of one comes first, else it is asked where the statement
 * is. Blocks no thread. Thread-safe.
 */
public final class RoutedStatements implements Statements {
    private final LiveSessions sessions;
    private final StatementRepository repository;
    private final StatementRecords records;
    private final StatementSubmission submission;
    private final WaitingStatements waiting;
    private final LostStatements lost;
    private final OpenStatements open;
    private final HandleNews handles;
    private final EarlyEnds ends;
    private final StatementRelay relay;
    private final ResultPages results;
    private final LogPages logs;
    private final Clock clock;
    private final Duration idleTimeout;

    /** @param idleTimeout how long a statement that nobody asks for is kept; zero is as long as its session */
    public RoutedStatements(
            LiveSessions sessions,
            StatementRepository repository,
            StatementRecords records,
            StatementSubmission submission,
            WaitingStatements waiting,
            LostStatements lost,
            OpenStatements open,
            HandleNews handles,
            EarlyEnds ends,
            StatementRelay relay,
            ResultPages results,
            LogPages logs,
            Clock clock,
            Duration idleTimeout) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.repository = requireNonNull(repository, "repository");
        this.records = requireNonNull(records, "records");
        this.submission = requireNonNull(submission, "submission");
        this.waiting = requireNonNull(waiting, "waiting");
        this.lost = requireNonNull(lost, "lost");
        this.open = requireNonNull(open, "open");
        this.handles = requireNonNull(handles, "handles");
        this.ends = requireNonNull(ends, "ends");
        this.relay = requireNonNull(relay, "relay");
        this.results = requireNonNull(results, "results");
        this.logs = requireNonNull(logs, "logs");
        this.clock = requireNonNull(clock, "clock");
        this.idleTimeout = requireNonNull(idleTimeout, "idleTimeout");
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, StatementRequest request) {
        return sessions.require(session, caller).thenCompose(live -> submission.submit(live, request));
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, MetadataQuery query) {
        return sessions.require(session, caller).thenCompose(live -> submission.submit(live, query));
    }

    @Override
    public void handedOver(StatementId id) {
        sessions.cached(id.session()).ifPresent(live -> {
            Optional<GatewayStatement> held = live.statement(id);
            // an engine that is yet to get the statement hears it with that
            held.ifPresent(GatewayStatement::handedOver);
            Phase phase = held.map(GatewayStatement::phase).orElseGet(Phase.Sent::new);
            if (phase instanceof Phase.Sent) {
                handles.arrived(live, id);
            } else if (phase instanceof Phase.Sending) {
                CompletableFuture<?> unused = afterSending(held.get()).thenRun(() -> handles.arrived(live, id));
            }
        });
    }

    @Override
    public CompletableFuture<StatementStatus> status(StatementId id, Caller caller, Duration wait) {
        return sessions.require(id.session(), caller).thenCompose(live -> used(live, id, lost.status(live, id, wait)));
    }

    @Override
    public CompletableFuture<StatementStatus> look(StatementId id, Caller caller) {
        return sessions.require(id.session(), caller).thenCompose(live -> lost.look(live, id));
    }

    @Override
    public CompletableFuture<Body> schema(StatementId id, Caller caller) {
        return sessions.require(id.session(), caller)
                .thenCompose(live -> lost.ofResult(
                        live,
                        id,
                        () -> unlessHeld(live, id, () -> ends.of(id)
                                .flatMap(EarlyEnd::schema)
                                .map(schema ->
                                        CompletableFuture.completedFuture(Body.of(Unpooled.wrappedBuffer(schema))))
                                .orElseGet(() -> relay.ask(
                                        live,
                                        id,
                                        new StatementRelay.Request<>(
                                                engine -> engine.schema(id).thenCompose(PreReadBody::begun),
                                                RoutedStatements::nothingToFetch,
                                                true))))));
    }

    @Override
    public CompletableFuture<Body> fetch(StatementId id, Caller caller, FetchRequest request) {
        return sessions.require(id.session(), caller)
                .thenCompose(live -> used(
                        live,
                        id,
                        request.content() == Content.LOG ? fetchLog(live, id, request) : fetchRows(live, id, request)));
    }

    @Override
    public CompletableFuture<Void> cancel(StatementId id, Caller caller) {
        return sessions.require(id.session(), caller).thenCompose(live -> cancel(live, id));
    }

    @Override
    public CompletableFuture<Void> close(StatementId id, Caller caller) {
        return sessions.require(id.session(), caller)
                .thenCompose(live -> close(live, id).whenComplete((closed, failure) -> {
                    if (failure == null || Failures.codeOf(failure) == ErrorCode.INVALID_HANDLE) {
                        live.forget(id);
                    }
                }));
    }

    /** Renews, takes over and clears away; call it every few seconds. */
    public void tick() {
        waiting.tick();
        results.tick();
        if (!idleTimeout.isZero()) {
            Instant before = clock.instant().minus(idleTimeout);
            sessions.all().forEach(live -> {
                live.statements().stream()
                        .filter(statement -> endedBefore(statement, before))
                        .forEach(statement -> {
                            live.forget(statement.id());
                            Failures.logged("Clearing a statement", statement.id(), repository.delete(statement.id()));
                        });
                open.forgetUnused(live, before);
            });
        }
    }

    private CompletableFuture<Void> cancel(LiveSession live, StatementId id) {
        lost.forget(id);
        Optional<GatewayStatement> held = live.statement(id);
        if (held.isPresent()) {
            Optional<CompletableFuture<Void>> ended = waiting.end(held.get(), StatementState.CANCELED);
            if (ended.isPresent()) {
                return ended.get();
            }
            Phase phase = held.get().phase();
            if (phase instanceof Phase.Ended || phase instanceof Phase.Ending) {
                return records.settle(id);
            }
            if (!(phase instanceof Phase.Sent)) {
                return afterSending(held.get()).thenCompose(sent -> cancel(live, id));
            }
        }
        return unlessLost(relay.ask(
                live,
                id,
                new StatementRelay.Request<>(
                        engine -> engine.cancel(id),
                        row -> row.state().isTerminal()
                                ? CompletableFuture.completedFuture(null)
                                : repository.finish(id, StatementState.CANCELED, Optional.empty()),
                        true)));
    }

    private CompletableFuture<Void> close(LiveSession live, StatementId id) {
        lost.forget(id);
        Optional<GatewayStatement> held = live.statement(id);
        if (held.isPresent()) {
            Optional<CompletableFuture<Void>> ended = waiting.end(held.get(), StatementState.CLOSED);
            if (ended.isPresent()) {
                return ended.get();
            }
            Phase phase = held.get().phase();
            if (phase instanceof Phase.Ended || phase instanceof Phase.Ending) {
                return records.delete(id, held.get()::ended);
            }
            if (!(phase instanceof Phase.Sent)) {
                return afterSending(held.get()).thenCompose(sent -> close(live, id));
            }
        }
        results.forget(id);
        boolean hasEnded = ends.forget(id);
        // first the row: once the engine has let the statement go, nothing else keeps it from running again
        return records.settle(id).thenCompose(settled -> {
            CompletableFuture<Void> closed = unlessLost(relay.ask(
                            live,
                            id,
                            new StatementRelay.Request<>(
                                    engine -> engine.close(id), row -> repository.delete(id), true)))
                    .thenRun(() -> handles.isHeard(id));
            if (!hasEnded) {
                return closed;
            }
            // there is nothing to stop and no bad news to wait for; what is sent later to the engine comes after this
            Failures.logged("Closing a statement", id, closed);
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<Body> fetchRows(LiveSession live, StatementId id, FetchRequest request) {
        return lost.rows(
                        live,
                        id,
                        () -> unlessHeld(
                                live, id, () -> results.fetch(live, id, request, RoutedStatements::nothingToFetch)))
                .thenApply(body -> {
                    handles.isHeard(id);
                    return body;
                });
    }

    private CompletableFuture<Body> fetchLog(LiveSession live, StatementId id, FetchRequest request) {
        Optional<GatewayStatement> held = live.statement(id);
        if (held.isEmpty()) {
            return engineLog(live, id, request);
        }
        StatementLog log = held.get().log();
        if (request.orientation() == Orientation.FIRST) {
            log.rewind();
        }
        boolean sent = held.get().phase() instanceof Phase.Sent;
        List<String> lines = log.next(request.maxRows());
        if (!lines.isEmpty() || !sent) {
            return CompletableFuture.completedFuture(page(live, lines));
        }
        Orientation orientation = log.takeEngineFromFirst() ? Orientation.FIRST : Orientation.NEXT;
        return engineLog(live, id, new FetchRequest(Content.LOG, orientation, request.maxRows()));
    }

    private CompletableFuture<Body> engineLog(LiveSession live, StatementId id, FetchRequest request) {
        return relay.ask(
                        live,
                        id,
                        new StatementRelay.Request<>(
                                engine -> engine.fetch(id, request).thenApply(EnginePage::body),
                                row -> CompletableFuture.completedFuture(page(live, List.of())),
                                request.orientation() == Orientation.FIRST))
                .exceptionallyCompose(failure -> Failures.isEngineGone(failure)
                        ? CompletableFuture.completedFuture(page(live, List.of())) // its state says what became of it
                        : CompletableFuture.failedFuture(failure));
    }

    private Body page(LiveSession live, List<String> lines) {
        return Body.of(logs.page(lines, live.session().protocolVersion()));
    }

    private static CompletableFuture<Body> unlessHeld(
            LiveSession live, StatementId id, Supplier<CompletableFuture<Body>> otherwise) {
        Optional<GatewayStatement> held = live.statement(id);
        if (held.isEmpty() || held.get().phase() instanceof Phase.Sent) {
            return otherwise.get();
        }
        return CompletableFuture.failedFuture(whyNothing(
                held.get().phase() instanceof Phase.Ended ended
                        ? ended.status()
                        : StatementStatus.of(StatementState.PENDING)));
    }

    private static CompletableFuture<Body> nothingToFetch(StoredStatement row) {
        return CompletableFuture.failedFuture(whyNothing(
                row.state().isTerminal() ? StatementStates.ended(row) : StatementStatus.of(StatementState.PENDING)));
    }

    private static GatewayException whyNothing(StatementStatus status) {
        return switch (status.state()) {
            case FAILED -> {
                StatementFailure failure = status.failure().orElseThrow();
                yield GatewayException.withSqlState(ErrorCode.STATEMENT_FAILED, failure.sqlState(), failure.message());
            }
            case CANCELED -> new GatewayException(ErrorCode.STATEMENT_CANCELLED, "The statement was cancelled");
            case TIMED_OUT ->
                new GatewayException(
                        ErrorCode.STATEMENT_TIMED_OUT, "The statement timed out while it waited for its engine");
            default ->
                new GatewayException(
                        ErrorCode.STATEMENT_STATE,
                        "The statement waits for its engine and has no result yet; ask for its state until it has ended");
        };
    }

    private <T> CompletableFuture<T> used(LiveSession live, StatementId id, CompletableFuture<T> answer) {
        live.statement(id).ifPresent(GatewayStatement::used);
        return answer.thenApply(given -> {
            live.used(id, clock.instant());
            return given;
        });
    }

    private static CompletableFuture<Phase> afterSending(GatewayStatement statement) {
        Phase phase = statement.phase();
        return phase instanceof Phase.Sending ? statement.changeFrom(phase) : CompletableFuture.completedFuture(phase);
    }

    /** What has gone with its engine needs neither cancelling nor closing. */
    private static CompletableFuture<Void> unlessLost(CompletableFuture<Void> done) {
        return done.exceptionallyCompose(failure -> Failures.codeOf(failure) == ErrorCode.ENGINE_LOST
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(failure));
    }

    private static boolean endedBefore(GatewayStatement statement, Instant before) {
        return statement.phase() instanceof Phase.Ended ended
                && ended.status().endedAt().filter(at -> at.isBefore(before)).isPresent();
    }
}
