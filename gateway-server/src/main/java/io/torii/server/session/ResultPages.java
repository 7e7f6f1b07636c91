package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.torii.api.session.StatementId;
import io.torii.server.engine.CursorMoved;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EnginePage;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Pages of rows, the next of which is on its way while the client is busy with the last. The engine alone knows where a
 * cursor is: a page that was read ahead is handed out only once the engine has moved the cursor past it, so that any gateway
 * may be asked for any page. Thread-safe.
 */
public final class ResultPages {
    private static final Duration KEPT = Duration.ofSeconds(30);

    /** Of one page: a window of the wire, and what waits to be written to the client. */
    static final long PAGE_BYTES = (1 << 20) + (1 << 19);

    /** Of one that is read ahead: what has been read, too. */
    static final long AHEAD_BYTES = PreReadBody.MOST_BYTES + PAGE_BYTES;

    private final StatementRelay relay;
    private final Clock clock;
    private final PageBudget budget;
    private final Map<StatementId, Ahead> ahead = new ConcurrentHashMap<>();

    /** @param budget what pages may take together: 1.5 MiB each, 3.5 MiB if they are read ahead */
    public ResultPages(StatementRelay relay, Clock clock, PageBudget budget) {
        this.relay = requireNonNull(relay, "relay");
        this.clock = requireNonNull(clock, "clock");
        this.budget = requireNonNull(budget, "budget");
    }

    /** The page after the last one; a page is as large as its request asks. */
    private record Ahead(
            CompletableFuture<EnginePage> asked,
            CompletableFuture<Arriving> arriving,
            PageBudget.Share share,
            long maxRows,
            Instant since) {
        void cancel() {
            share.release();
            asked.cancel(false);
            CompletableFuture<?> unused =
                    arriving.thenAccept(page -> page.body().cancel());
        }
    }

    private record Arriving(EngineChannel engine, EnginePage page, PreReadBody body) {}

    CompletableFuture<Body> fetch(
            LiveSession live,
            StatementId id,
            FetchRequest request,
            Function<StoredStatement, CompletableFuture<Body>> ofRow) {
        Ahead next = ahead.remove(id);
        if (next == null) {
            return fromEngine(live, id, request, ofRow);
        }
        if (request.orientation() != Orientation.NEXT || request.maxRows() != next.maxRows()) {
            next.cancel();
            return fromEngine(live, id, request, ofRow);
        }
        return next.arriving()
                .thenCompose(page -> page.engine()
                        .take(id, page.page().row(), page.page().rows())
                        .thenApply(taken -> handed(
                                live,
                                id,
                                request,
                                page.engine(),
                                page.page(),
                                next.share().of(page.body()))))
                .exceptionallyCompose(failure -> {
                    next.cancel();
                    return fromEngine(live, id, request, ofRow);
                });
    }

    /** What was read ahead is not needed. */
    void forget(StatementId id) {
        Ahead unused = ahead.remove(id);
        if (unused != null) {
            unused.cancel();
        }
    }

    /** Lets go of what nobody has asked for; call it every few seconds. */
    void tick() {
        Instant before = clock.instant().minus(KEPT);
        ahead.forEach((id, page) -> {
            if (page.since().isBefore(before) && ahead.remove(id, page)) {
                page.cancel();
            }
        });
    }

    private CompletableFuture<Body> fromEngine(
            LiveSession live,
            StatementId id,
            FetchRequest request,
            Function<StoredStatement, CompletableFuture<Body>> ofRow) {
        return budget.take(PAGE_BYTES).thenCompose(share -> relay.ask(
                        live,
                        id,
                        new StatementRelay.Request<>(
                                engine -> engine.fetch(id, request).thenCompose(page -> PreReadBody.begun(page.body())
                                        .thenApply(body -> handed(live, id, request, engine, page, share.of(body)))),
                                stored -> ofRow.apply(stored).thenApply(share::of),
                                request.orientation() == Orientation.FIRST))
                .whenComplete((page, failure) -> {
                    if (failure != null) {
                        share.release();
                    }
                }));
    }

    private Body handed(
            LiveSession live, StatementId id, FetchRequest request, EngineChannel engine, EnginePage page, Body body) {
        return new Body() {
            @Override
            public CompletableFuture<Optional<ByteBuf>> next() {
                return body.next();
            }

            @Override
            public void cancel() {
                body.cancel();
            }

            @Override
            public void whenRevoked(Runnable action) {
                body.whenRevoked(action);
            }

            @Override
            public void delivered() {
                body.delivered();
                if (page.rows() > 0) {
                    Failures.logged("Telling that a page has arrived", id, arrived(live, id, page.row()));
                }
                if (page.more() && !live.isClosed()) {
                    readAhead(id, request, engine, page.end());
                }
            }
        };
    }

    /** Over another connection, if the one that brought the page is lost. */
    private CompletableFuture<Void> arrived(LiveSession live, StatementId id, long row) {
        return relay.ask(
                live,
                id,
                new StatementRelay.Request<>(
                        current -> current.delivered(id, row),
                        stored -> CompletableFuture.completedFuture(null),
                        true));
    }

    private void readAhead(StatementId id, FetchRequest request, EngineChannel engine, long row) {
        Optional<PageBudget.Share> share = budget.takeSpare(AHEAD_BYTES);
        if (share.isPresent()) {
            readAhead(id, request, engine, row, share.get());
        }
    }

    private void readAhead(
            StatementId id, FetchRequest request, EngineChannel engine, long row, PageBudget.Share share) {
        CompletableFuture<EnginePage> asked = engine.fetchAhead(id, row, request.maxRows());
        CompletableFuture<Arriving> arriving = asked.thenApply(page -> {
            if (page.rows() == 0) {
                page.body().cancel();
                throw new CursorMoved("There is nothing ahead");
            }
            PreReadBody body = new PreReadBody(page.body());
            body.start();
            return new Arriving(engine, page, body);
        });
        Ahead next = new Ahead(asked, arriving, share, request.maxRows(), clock.instant());
        if (ahead.putIfAbsent(id, next) != null) {
            next.cancel();
        }
    }
}
