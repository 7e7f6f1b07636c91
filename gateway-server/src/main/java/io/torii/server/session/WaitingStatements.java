package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.Handover;
import io.torii.server.engine.UnknownSession;
import io.torii.server.session.GatewayStatement.Phase;
import io.torii.server.store.StatementRepository;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements on their way to an engine that is not there yet. Each is a leased row, so that another gateway can take it
 * over, and ends as a state, whatever goes wrong; how it ended is in the store before anybody is told. Blocks no thread.
 * Thread-safe.
 */
public final class WaitingStatements {
    private static final Logger log = LoggerFactory.getLogger(WaitingStatements.class);
    private static final int TAKEN_OVER_AT_ONCE = 100;

    private final StatementRepository repository;
    private final StatementRecords records;
    private final StatementStates states;
    private final SentStatements sent;
    private final LiveSessions sessions;
    private final Bindings bindings;
    private final EngineLinks links;
    private final Clock clock;
    private final Timers timers;
    private final String gateway;
    private final Duration lease;
    private final AtomicReference<CompletableFuture<Void>> takeover = new AtomicReference<>();
    private final Map<StatementId, LiveSession> waiting = new ConcurrentHashMap<>();
    private final Map<StatementId, CompletableFuture<EngineChannel>> engines = new ConcurrentHashMap<>();

    /** @param gateway this process's name, other than that of every other one on the same store, an earlier one included */
    public WaitingStatements(
            StatementRepository repository,
            StatementRecords records,
            StatementStates states,
            SentStatements sent,
            LiveSessions sessions,
            Bindings bindings,
            EngineLinks links,
            Clock clock,
            Timers timers,
            String gateway,
            Duration lease) {
        this.repository = requireNonNull(repository, "repository");
        this.records = requireNonNull(records, "records");
        this.states = requireNonNull(states, "states");
        this.sent = requireNonNull(sent, "sent");
        this.sessions = requireNonNull(sessions, "sessions");
        this.bindings = requireNonNull(bindings, "bindings");
        this.links = requireNonNull(links, "links");
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
        this.gateway = requireNonNull(gateway, "gateway");
        this.lease = requireNonNull(lease, "lease");
    }

    /** Accepts the statement: completes once another gateway could find it. Questions about catalogs have no row. */
    CompletableFuture<Void> accept(LiveSession live, GatewayStatement statement) {
        live.hold(statement);
        return stored(statement).thenAccept(stored -> start(live, statement)).whenComplete((done, failure) -> {
            if (failure != null) {
                live.forget(statement.id());
            }
        });
    }

    /** Accepts a statement that was lost with its engine once more; nothing has changed if that fails. */
    CompletableFuture<Void> acceptAgain(LiveSession live, GatewayStatement statement) {
        StatementId id = statement.id();
        return records.settle(id).thenCompose(settled -> stored(statement)).thenAccept(stored -> {
            if (!live.isOpen(id) || live.isClosed()) {
                Failures.logged("Deleting a statement's row", id, records.delete(id, () -> {}));
                return;
            }
            live.opened(id, clock.instant());
            live.hold(statement);
            start(live, statement);
        });
    }

    /** Keeps a statement that failed on its way, for whoever asks. */
    CompletableFuture<Void> acceptFailed(LiveSession live, GatewayStatement statement, Throwable failure) {
        live.hold(statement);
        CompletableFuture<Void> stored = stored(statement);
        fail(statement, failure, stored);
        Failures.logged("Keeping a failed statement", statement.id(), stored);
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Ends a statement that waits here: it is not sent from now on, and the future completes once that is recorded. Empty if
     * it is on its way to the engine or has ended.
     */
    Optional<CompletableFuture<Void>> end(GatewayStatement statement, StatementState state) {
        StatementId id = statement.id();
        if (!statement.tryMove(new Phase.Ending(GatewayStatement.ended(state, clock.instant())))) {
            return Optional.empty();
        }
        CompletableFuture<Void> recorded = CompletableFuture.completedFuture(null);
        if (!(statement.work() instanceof Work.Sql)) {
            statement.ended();
        } else if (state == StatementState.CLOSED) {
            recorded = records.delete(id, statement::ended);
        } else {
            recorded = records.finish(id, state, Optional.empty(), statement::ended);
        }
        waitsNoMore(id);
        return Optional.of(recorded);
    }

    /** The statement's session has gone, and its row with it. */
    void drop(GatewayStatement statement) {
        statement.tryMove(new Phase.Ending(GatewayStatement.ended(StatementState.CLOSED, clock.instant())));
        waitsNoMore(statement.id());
        records.forget(statement.id());
        statement.ended();
    }

    /**
     * Renews leases, notices what other gateways ended, and takes over what dead ones left; call it every few seconds. What
     * is neither waiting nor being recorded is not renewed: whoever is alive takes it.
     */
    public void tick() {
        records.tick();
        Set<StatementId> held = new HashSet<>(waiting.keySet());
        held.addAll(records.unsettled());
        if (!held.isEmpty()) {
            Failures.logged("Renewing leases", gateway, repository.renewLeases(gateway, held, lease));
        }
        waiting.forEach((id, live) -> live.statement(id)
                .ifPresent(statement -> Failures.logged("Looking at a statement", id, stillWanted(live, statement))));
        Failures.logged("Taking statements over", gateway, takeOver());
    }

    /** Goes on with what dead gateways left waiting; completes once it is here. One at a time, for all who ask meanwhile. */
    CompletableFuture<Void> takeOver() {
        CompletableFuture<Void> ours = new CompletableFuture<>();
        CompletableFuture<Void> underWay = takeover.compareAndExchange(null, ours);
        if (underWay != null) {
            return underWay;
        }
        CompletableFuture<Void> unused = takeOverOnce().whenComplete((done, failure) -> {
            takeover.set(null);
            if (failure == null) {
                ours.complete(null);
            } else {
                ours.completeExceptionally(failure);
            }
        });
        return ours;
    }

    private CompletableFuture<Void> takeOverOnce() {
        return repository
                .takeOver(gateway, lease, TAKEN_OVER_AT_ONCE)
                .thenCompose(orphans -> CompletableFuture.allOf(
                        orphans.stream().map(this::resume).toArray(CompletableFuture[]::new)));
    }

    /** Completes normally, whatever happens. */
    private CompletableFuture<Void> resume(StoredStatement orphan) {
        StatementId id = orphan.id();
        LogKeys.about(log.atInfo(), id).addKeyValue("from", orphan.gateway()).log("taking a statement over");
        CompletableFuture<Void> resumed = sessions.load(id.session())
                .thenAccept(live -> live.statement(id).ifPresentOrElse(this::settle, () -> restart(live, orphan)));
        CompletableFuture<Void> done = resumed.exceptionallyCompose(failure -> repository
                .renewLeases(gateway, List.of(id), Duration.ZERO)
                .thenCompose(givenBack -> CompletableFuture.failedFuture(failure)));
        Failures.logged("Resuming a statement", id, done);
        return done.exceptionally(failure -> null);
    }

    private void restart(LiveSession live, StoredStatement orphan) {
        live.opened(orphan.id(), clock.instant());
        // its gateway may have sent it there, and it must not run on two engines
        live.row().engine().ifPresent(engine -> live.runs(orphan.id(), engine));
        GatewayStatement statement = new GatewayStatement(
                orphan.id(),
                new Work.Sql(orphan.request()),
                orphan.submittedAt(),
                Handover.IN_DOUBT,
                new StatementLog());
        live.hold(statement);
        start(live, statement);
    }

    /** This gateway knows what has become of it, and the store does not. */
    private void settle(GatewayStatement statement) {
        StatementId id = statement.id();
        if (records.unsettled().contains(id)) {
            return;
        }
        if (statement.phase() instanceof Phase.Sent) {
            Failures.logged("Deleting a statement's row", id, records.delete(id, () -> {}));
        } else if (statement.phase() instanceof Phase.Ended end) {
            Failures.logged(
                    "Recording the end of a statement",
                    id,
                    records.finish(id, end.status().state(), end.status().failure(), () -> {}));
        }
    }

    private CompletableFuture<Void> stored(GatewayStatement statement) {
        return statement.work() instanceof Work.Sql sql
                ? repository.insert(statement.id(), sql.request(), gateway, lease)
                : CompletableFuture.completedFuture(null);
    }

    private void start(LiveSession live, GatewayStatement statement) {
        waiting.put(statement.id(), live);
        Runnable noTimer = statement
                .work()
                .timeout()
                .map(timeout -> timeout.minus(waitedBy(statement)))
                .map(left -> timers.after(left.isNegative() ? Duration.ZERO : left, () -> timeOut(statement)))
                .orElse(() -> {});
        CompletableFuture<EngineChannel> engine = bindings.channelFor(live, statement.log()::add);
        engines.put(statement.id(), engine);
        Failures.logged(
                "Running a statement",
                statement.id(),
                engine.thenCompose(channel -> send(live, statement, channel))
                        .exceptionally(failure -> {
                            if (!engine.isCancelled()) {
                                fail(statement, failure, CompletableFuture.completedFuture(null));
                            }
                            return null;
                        })
                        .whenComplete((done, failure) -> {
                            noTimer.run();
                            waitsNoMore(statement.id());
                        }));
        if (!waiting.containsKey(statement.id())) {
            waitsNoMore(statement.id());
        }
    }

    /** An engine that is being launched for nobody need not be. */
    private void waitsNoMore(StatementId id) {
        waiting.remove(id);
        CompletableFuture<EngineChannel> engine = engines.remove(id);
        if (engine != null) {
            engine.cancel(false);
        }
    }

    private CompletableFuture<Void> send(LiveSession live, GatewayStatement statement, EngineChannel channel) {
        Optional<LaunchTag> tried = live.engineOf(statement.id());
        if (tried.isPresent() && !tried.get().equals(channel.engine().tag())) {
            if (sent.runs(statement.id()) == 0) {
                return CompletableFuture.failedFuture(Failures.engineLost(statement.id()));
            }
            if (statement.tryMove(new Phase.Sending())) {
                counted(statement); // who asks for its state finds it lost, and has it run again if it may
            }
            return CompletableFuture.completedFuture(null);
        }
        return stillWanted(live, statement).thenCompose(wanted -> {
            if (!wanted || !statement.tryMove(new Phase.Sending())) {
                return CompletableFuture.completedFuture(null);
            }
            return delivered(live, statement, channel)
                    .exceptionallyCompose(failure -> again(live, statement, channel, failure))
                    .thenRun(() -> counted(statement));
        });
    }

    /** It counts as sent: nobody else is to send it. */
    private void counted(GatewayStatement statement) {
        if (statement.work() instanceof Work.Sql) {
            Failures.logged(
                    "Deleting the row of a statement that its engine has",
                    statement.id(),
                    records.delete(statement.id(), () -> {}));
        }
        statement.sent();
    }

    private CompletableFuture<Void> delivered(LiveSession live, GatewayStatement statement, EngineChannel channel) {
        LaunchTag engine = channel.engine().tag();
        live.runs(statement.id(), engine);
        sent.sending(statement.id(), statement.work(), statement.submittedAt(), engine);
        return statement
                .work()
                .send(channel, statement.id(), statement.handover(), waitedBy(statement))
                .thenCompose(early -> states.sent(live, statement.id(), early));
    }

    /**
     * Once more: an engine without the session has not run the statement, and one that lives takes a statement id only
     * once. One that has ended may have run it: that counts as sent, and who asks for its state finds it lost.
     */
    private CompletableFuture<Void> again(
            LiveSession live, GatewayStatement statement, EngineChannel channel, Throwable failure) {
        live.disconnected(channel);
        if (Failures.cause(failure) instanceof UnknownSession) {
            if (!live.row().pinned().isEmpty()) {
                return CompletableFuture.failedFuture(Failures.pinnedStateLost(live));
            }
            return bindings.channelFor(live, statement.log()::add)
                    .thenCompose(reopened -> delivered(live, statement, reopened));
        }
        if (!Failures.isEngineGone(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        return links.channelTo(channel.engine().tag())
                .thenCompose(found -> found.isPresent()
                        ? delivered(live, statement, found.get())
                        : CompletableFuture.completedFuture(null));
    }

    private void timeOut(GatewayStatement statement) {
        end(statement, StatementState.TIMED_OUT)
                .ifPresent(recorded -> Failures.logged("Recording a time-out", statement.id(), recorded));
    }

    /** Another gateway may have cancelled or closed it, or taken it over if this one was slow. */
    private CompletableFuture<Boolean> stillWanted(LiveSession live, GatewayStatement statement) {
        if (!(statement.work() instanceof Work.Sql)) {
            return CompletableFuture.completedFuture(true);
        }
        return repository.find(statement.id()).thenApply(row -> {
            StatementState state = row.map(StoredStatement::state).orElse(StatementState.CLOSED);
            if (state != StatementState.PENDING) {
                waitsNoMore(statement.id());
                statement.tryMove(new Phase.Ending(GatewayStatement.ended(state, clock.instant())));
                statement.ended();
                return false;
            }
            boolean ours =
                    row.map(StoredStatement::gateway).filter(gateway::equals).isPresent();
            if (!ours) {
                waitsNoMore(statement.id());
                live.forget(statement.id());
            }
            return ours;
        });
    }

    private void fail(GatewayStatement statement, Throwable failure, CompletableFuture<Void> stored) {
        GatewayException problem = Failures.of(failure);
        if (problem.getCause() != null) {
            LogKeys.about(log.atWarn(), statement.id()).setCause(problem).log("statement cannot run");
        }
        StatementFailure reason = StatementFailure.of(problem);
        if (!statement.tryMove(new Phase.Ending(StatementStatus.failed(reason, clock.instant())))) {
            return;
        }
        if (!(statement.work() instanceof Work.Sql)) {
            statement.ended();
            return;
        }
        CompletableFuture<Void> unused = stored.whenComplete((done, notStored) -> {
            if (notStored != null) {
                statement.ended(); // the store has nothing that another gateway could run, as far as anybody can tell
            }
            Failures.logged(
                    "Recording the failure of a statement",
                    statement.id(),
                    records.finish(statement.id(), StatementState.FAILED, Optional.of(reason), statement::ended));
        });
    }

    private Duration waitedBy(GatewayStatement statement) {
        Duration waited = Duration.between(statement.submittedAt(), clock.instant());
        return waited.isNegative() ? Duration.ZERO : waited;
    }
}
