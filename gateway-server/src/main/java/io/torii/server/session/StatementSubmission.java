package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.UnknownSession;
import io.torii.server.store.SessionRepository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Accepts statements: sends them straight to the session's engine, if it is there or can be had at once; else has them
 * wait for it. Thread-safe.
 */
public final class StatementSubmission {
    /** What runs twice does no harm, and is the most of what is sent: for that nobody looks into the store. */
    private static final Pattern READS =
            Pattern.compile("\\s*(SELECT|SHOW|DESCRIBE|DESC|EXPLAIN|VALUES)\\b", Pattern.CASE_INSENSITIVE);

    private final SessionRepository repository;
    private final LiveSessions sessions;
    private final StatementSettings settings;
    private final WaitingStatements waiting;
    private final EarlierSubmissions earlier;
    private final StatementStates states;
    private final OpenStatements open;
    private final SentStatements sent;
    private final Bindings bindings;
    private final EngineLinks links;
    private final Clock clock;
    private final int perSession;

    /** @param perSession how many of a session's statements may be open; 0 is no limit */
    public StatementSubmission(
            SessionRepository repository,
            LiveSessions sessions,
            StatementSettings settings,
            WaitingStatements waiting,
            EarlierSubmissions earlier,
            StatementStates states,
            OpenStatements open,
            SentStatements sent,
            Bindings bindings,
            EngineLinks links,
            Clock clock,
            int perSession) {
        this.repository = requireNonNull(repository, "repository");
        this.sessions = requireNonNull(sessions, "sessions");
        this.settings = requireNonNull(settings, "settings");
        this.waiting = requireNonNull(waiting, "waiting");
        this.earlier = requireNonNull(earlier, "earlier");
        this.states = requireNonNull(states, "states");
        this.open = requireNonNull(open, "open");
        this.sent = requireNonNull(sent, "sent");
        this.bindings = requireNonNull(bindings, "bindings");
        this.links = requireNonNull(links, "links");
        this.clock = requireNonNull(clock, "clock");
        this.perSession = perSession;
    }

    CompletableFuture<StatementId> submit(LiveSession live, StatementRequest request) {
        StatementSettings.Checked checked = settings.check(live, request);
        Work work = new Work.Sql(checked.request());
        return checked.setting()
                .map(setting -> repository
                        .putSetting(live.id(), setting.getKey(), setting.getValue())
                        .thenCompose(stored -> sessions.load(live.id()))
                        .thenCompose(fresh -> start(fresh, work, checked.notes())))
                .orElseGet(() -> start(live, work, checked.notes()));
    }

    CompletableFuture<StatementId> submit(LiveSession live, MetadataQuery query) {
        return start(live, new Work.Metadata(query), List.of());
    }

    private CompletableFuture<StatementId> start(LiveSession live, Work work, List<String> remarks) {
        Optional<StatementId> again = earlier.here(live, work);
        if (again.isPresent()) {
            return CompletableFuture.completedFuture(again.get());
        }
        if (!isFull(live)) {
            return accepted(live, work, remarks);
        }
        return open.recount(live).thenCompose(counted -> {
            if (isFull(live)) {
                return CompletableFuture.failedFuture(new GatewayException(
                        ErrorCode.TOO_MANY_STATEMENTS,
                        "The session has " + perSession + " open statements, as many as it may; close some"));
            }
            return accepted(live, work, remarks);
        });
    }

    private boolean isFull(LiveSession live) {
        return perSession > 0 && live.openStatements() >= perSession;
    }

    private CompletableFuture<StatementId> accepted(LiveSession live, Work work, List<String> remarks) {
        StatementId id = StatementId.random(live.id());
        Instant submittedAt = clock.instant();
        live.opened(id, submittedAt);
        List<String> notes = notes(live, remarks);
        Optional<EngineChannel> channel = live.channel();
        if (channel.isPresent()) {
            GatewayStatement statement = statement(id, work, notes, submittedAt);
            Supplier<CompletableFuture<StatementId>> sent = () -> send(live, statement, notes, channel.get());
            return mayRunTwice(work)
                    ? sent.get()
                    : unlessAgain(live, statement, earlierIfTheStoreIsThere(live, work), sent);
        }
        return bindings.atOnce(live, notes::add)
                .thenCompose(engine -> engine.isPresent()
                        ? send(live, statement(id, work, notes, submittedAt), notes, engine.get())
                        : waits(live, statement(id, work, notes, submittedAt)));
    }

    private static boolean mayRunTwice(Work work) {
        return !(work instanceof Work.Sql sql)
                || READS.matcher(sql.request().sql()).lookingAt();
    }

    /** The engine has the session, but another gateway may have died before it got that far. */
    private CompletableFuture<Optional<StatementId>> earlierIfTheStoreIsThere(LiveSession live, Work work) {
        return earlier.anywhere(live, work)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof GatewayException problem
                                && problem.code() == ErrorCode.STORE_UNAVAILABLE
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<StatementId> waits(LiveSession live, GatewayStatement statement) {
        return unlessAgain(
                live, statement, earlier.anywhere(live, statement.work()), () -> waiting.accept(live, statement)
                        .thenApply(accepted -> statement.id()));
    }

    private static CompletableFuture<StatementId> unlessAgain(
            LiveSession live,
            GatewayStatement statement,
            CompletableFuture<Optional<StatementId>> earlier,
            Supplier<CompletableFuture<StatementId>> otherwise) {
        return earlier.whenComplete((again, failure) -> {
                    if (failure != null || again.isPresent()) {
                        live.forget(statement.id());
                    }
                })
                .thenCompose(
                        again -> again.map(CompletableFuture::completedFuture).orElseGet(otherwise));
    }

    private CompletableFuture<StatementId> send(
            LiveSession live, GatewayStatement statement, List<String> notes, EngineChannel channel) {
        StatementId id = statement.id();
        LaunchTag engine = channel.engine().tag();
        live.runs(id, engine);
        sent.sending(id, statement.work(), statement.submittedAt(), engine);
        Duration waited = Duration.between(statement.submittedAt(), clock.instant());
        return statement
                .work()
                .send(channel, id, statement.handover(), waited.isNegative() ? Duration.ZERO : waited)
                .thenCompose(early -> states.sent(live, id, early))
                .thenApply(sent -> {
                    if (!notes.isEmpty()) {
                        statement.sent();
                        live.hold(statement);
                    }
                    return id;
                })
                .exceptionallyCompose(failure -> notSent(live, statement, channel, Failures.cause(failure))
                        .thenApply(accepted -> id));
    }

    /** The client gets its handle all the same: from here on whatever goes wrong is a state. */
    private CompletableFuture<Void> notSent(
            LiveSession live, GatewayStatement statement, EngineChannel channel, Throwable failure) {
        if (failure instanceof UnknownSession) {
            live.disconnected(channel);
            live.opened(statement.id(), clock.instant());
            return waiting.accept(live, statement);
        }
        if (!Failures.isEngineGone(failure)) {
            return waiting.acceptFailed(live, statement, failure);
        }
        live.disconnected(channel);
        return links.isGone(channel.engine())
                .thenCompose(gone -> gone
                        ? CompletableFuture.completedFuture(null) // who asks for its state finds it lost
                        : waiting.accept(live, statement));
    }

    private static GatewayStatement statement(StatementId id, Work work, List<String> notes, Instant submittedAt) {
        GatewayStatement statement = new GatewayStatement(id, work, submittedAt);
        notes.forEach(statement.log()::add);
        return statement;
    }

    private static List<String> notes(LiveSession live, List<String> remarks) {
        List<String> all = new ArrayList<>(live.takeNotes());
        all.addAll(remarks);
        return all;
    }
}
