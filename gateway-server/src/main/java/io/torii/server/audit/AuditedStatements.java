package io.torii.server.audit;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementStatus;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.session.Body;
import io.torii.server.session.Caller;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import io.torii.server.session.Statements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Statements that leave a trail; what is asked of them, and what they answer, stays as it is. Thread-safe. */
public final class AuditedStatements implements Statements {
    private static final long LAST_LOOK_MILLIS = 1_000;

    private final Statements statements;
    private final AuditTrail trail;
    private final GatewayMetrics metrics;

    public AuditedStatements(Statements statements, AuditTrail trail, GatewayMetrics metrics) {
        this.statements = requireNonNull(statements, "statements");
        this.trail = requireNonNull(trail, "trail");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, StatementRequest request) {
        return accepted(
                caller,
                "sql",
                () -> Optional.of(trail.sql().of(request.sql())),
                () -> statements.submit(session, caller, request));
    }

    @Override
    public CompletableFuture<StatementId> submit(SessionId session, Caller caller, MetadataQuery query) {
        return accepted(caller, "metadata", Optional::empty, () -> statements.submit(session, caller, query));
    }

    @Override
    public void handedOver(StatementId id) {
        statements.handedOver(id);
    }

    @Override
    public CompletableFuture<StatementStatus> status(StatementId id, Caller caller, Duration wait) {
        return seen(id, statements.status(id, caller, wait));
    }

    @Override
    public CompletableFuture<StatementStatus> look(StatementId id, Caller caller) {
        return seen(id, statements.look(id, caller));
    }

    private CompletableFuture<StatementStatus> seen(StatementId id, CompletableFuture<StatementStatus> answer) {
        return answer.thenApply(status -> {
            trail.find(id).ifPresent(trace -> trail.seen(trace, status));
            return status;
        });
    }

    @Override
    public CompletableFuture<Body> schema(StatementId id, Caller caller) {
        return statements.schema(id, caller);
    }

    @Override
    public CompletableFuture<Body> fetch(StatementId id, Caller caller, FetchRequest request) {
        String content = request.content().name().toLowerCase(Locale.ROOT);
        return statements.fetch(id, caller, request).thenApply(body -> {
            metrics.page(content);
            Optional<Trace> trace = request.content() == FetchRequest.Content.ROWS ? trail.find(id) : Optional.empty();
            trace.ifPresent(of -> of.page(trail.now()));
            return new CountedBody(body, bytes -> {
                metrics.relayed(content, bytes);
                trace.ifPresent(of -> of.relayed(bytes));
            });
        });
    }

    @Override
    public CompletableFuture<Void> cancel(StatementId id, Caller caller) {
        return statements.cancel(id, caller);
    }

    @Override
    public CompletableFuture<Void> close(StatementId id, Caller caller) {
        Optional<Trace> trace = trail.find(id);
        if (trace.isEmpty()) {
            return statements.close(id, caller);
        }
        CompletableFuture<?> known = trace.get().hasEnded()
                ? CompletableFuture.completedFuture(null)
                : lastLook(List.of(trace.get()), caller);
        return known.thenCompose(looked -> statements.close(id, caller)).whenComplete((closed, failure) -> {
            if (failure == null || AuditTrail.isGone(failure)) {
                trail.end(trace.get(), "statement-closed");
            }
        });
    }

    /** Asks, for a moment, what has become of statements that are about to go; completes normally. */
    CompletableFuture<Void> lastLook(List<Trace> traces, Caller caller) {
        return CompletableFuture.allOf(traces.stream()
                .map(trace -> look(trace.id(), caller)
                        .orTimeout(LAST_LOOK_MILLIS, TimeUnit.MILLISECONDS)
                        .handle((status, failure) -> null))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<StatementId> accepted(
            Caller caller,
            String kind,
            Supplier<Optional<SqlText.Shown>> text,
            Supplier<CompletableFuture<StatementId>> submission) {
        Instant at = trail.now();
        StatementEvent event = new StatementEvent();
        event.begin();
        return submission.get().whenComplete((id, failure) -> {
            metrics.submitted(kind, failure == null);
            if (failure == null) {
                trail.accepted(new Trace(id, trail.userOf(id.session(), caller), caller, kind, text.get(), at, event));
            }
        });
    }
}
