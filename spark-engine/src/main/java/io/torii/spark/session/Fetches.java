package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.Arrival;
import io.torii.spark.result.Orientation;
import io.torii.spark.result.ResultPage;
import io.torii.spark.result.ResultSet;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;

/** Hands out what statements yield: columns, pages of rows, lines of log. Nothing here blocks an event loop. Thread-safe. */
final class Fetches {
    private static final short LOG = 1;

    /** How long a gateway may take to say that its page has arrived. */
    private static final Duration NEWS = Duration.ofSeconds(2);

    /** How long a fetch waits for more rows than there are. */
    static final Duration PATIENCE = Duration.ofMillis(800);

    private final Executor pages;
    private final ScheduledExecutorService timer;

    /** @param pages where pages are made that take time */
    Fetches(Executor pages, ScheduledExecutorService timer) {
        this.pages = requireNonNull(pages, "pages");
        this.timer = requireNonNull(timer, "timer");
    }

    /** The columns of a statement that has ended. */
    CompletableFuture<WireReply> schema(Statement statement) {
        return CompletableFuture.completedFuture(statement
                .outcome()
                .map(outcome -> WireReply.of(outcome.result().schema()))
                .orElseGet(() -> Replies.noSchema(whyNot(statement))));
    }

    CompletableFuture<WireReply> fetch(WireCall call, EngineSession session, Statement statement) {
        TFetchResultsReq request = ThriftCodec.decode(call.body(), new TFetchResultsReq());
        Orientation orientation = orientation(request);
        long most = request.getMaxRows() > 0 ? request.getMaxRows() : EngineSession.fetchSize(session.spark());
        if (request.getFetchType() == LOG) {
            List<String> lines = orientation == Orientation.FIRST
                    ? statement.log().first(most)
                    : statement.log().next(most);
            return CompletableFuture.completedFuture(Replies.lines(lines, session.protocol()));
        }
        if (!statement.outcome().isPresent()) {
            return CompletableFuture.completedFuture(Replies.noPage(whyNot(statement)));
        }
        ResultSet result = statement.outcome().get().result();
        if (call.header(WireProtocol.ROW).isPresent()) {
            long row = number(call, WireProtocol.ROW);
            return page(result, () -> result.arrival(row, most), () -> result.readAhead(row, most));
        }
        String gateway = gateway(call);
        Delivery delivery = statement.delivery();
        if (orientation == Orientation.FIRST) {
            delivery.beginAnew(gateway);
            return delivered(result, orientation, most, delivery, gateway);
        }
        return begun(delivery, gateway).thenCompose(begun -> delivered(result, orientation, most, delivery, gateway));
    }

    /** The gateway is about to hand out rows that it has read ahead. */
    CompletableFuture<WireReply> take(WireCall call, Statement statement) {
        long row = number(call, WireProtocol.ROW);
        long rows = number(call, WireProtocol.ROWS);
        String gateway = gateway(call);
        Executor where = statement
                        .outcome()
                        .filter(outcome -> outcome.result().isAtHand())
                        .isPresent()
                ? Runnable::run
                : pages; // another fetch may hold the cursor while it reads or waits
        return begun(statement.delivery(), gateway)
                .thenApplyAsync(
                        begun -> {
                            boolean taken = statement
                                    .outcome()
                                    .filter(outcome -> outcome.result().skip(row, rows))
                                    .isPresent();
                            if (!taken) {
                                statement.delivery().neverGiven(gateway);
                                throw new WireException(
                                        WireProtocol.CURSOR_ELSEWHERE,
                                        "The cursor of statement " + statement.id() + " has moved");
                            }
                            statement.delivery().given(row);
                            return WireReply.of(new byte[0]);
                        },
                        where);
    }

    /** A gateway's last page has reached its client. */
    WireReply arrived(WireCall call, Statement statement) {
        statement.delivery().arrived(gateway(call), number(call, WireProtocol.ROW));
        return WireReply.of(new byte[0]);
    }

    private CompletableFuture<Void> begun(Delivery delivery, String gateway) {
        if (delivery.begin(gateway)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> news = delivery.news();
        ScheduledFuture<?> limit = timer.schedule(
                () -> {
                    delivery.forget(news);
                    news.complete(null);
                },
                NEWS.toMillis(),
                TimeUnit.MILLISECONDS);
        return news.thenAccept(told -> {
            limit.cancel(false);
            if (!delivery.begin(gateway)) {
                throw new WireException(
                        WireProtocol.PAGE_IN_DOUBT,
                        "Nobody can tell whether the last page of rows has arrived, and so not which is the next; fetch from"
                                + " the first row again, or run the statement again");
            }
        });
    }

    private CompletableFuture<WireReply> delivered(
            ResultSet result, Orientation orientation, long most, Delivery delivery, String gateway) {
        CompletableFuture<ResultPage> page =
                made(result, () -> result.arrival(orientation, most), () -> result.fetch(orientation, most));
        return page.handle((made, thrown) -> {
            if (thrown != null || made.rows() == 0) {
                delivery.neverGiven(gateway); // nothing can be lost
            } else {
                delivery.given(made.start());
            }
            return thrown == null ? reply(made) : Replies.noPage(Failures.of(EngineSessions.cause(thrown)));
        });
    }

    private CompletableFuture<WireReply> page(ResultSet result, Supplier<Arrival> arrival, Supplier<ResultPage> page) {
        return made(result, arrival, page)
                .handle((made, thrown) ->
                        thrown == null ? reply(made) : Replies.noPage(Failures.of(EngineSessions.cause(thrown))));
    }

    private CompletableFuture<ResultPage> made(ResultSet result, Supplier<Arrival> arrival, Supplier<ResultPage> page) {
        return result.isAtHand()
                ? CompletableFuture.completedFuture(null).thenApply(now -> page.get())
                : arrived(arrival.get()).thenApplyAsync(there -> page.get(), pages);
    }

    /** No thread waits for rows. */
    private CompletableFuture<Void> arrived(Arrival arrival) {
        CompletableFuture<Void> there = arrival.there();
        if (!there.isDone()) {
            ScheduledFuture<?> end = timer.schedule(arrival::hurry, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            there.thenRun(() -> end.cancel(false));
        }
        return there;
    }

    private static WireReply reply(ResultPage page) {
        WireReply reply = WireReply.of(page.bytes())
                .with(WireProtocol.ROW, Long.toString(page.start()))
                .with(WireProtocol.ROWS, Integer.toString(page.rows()));
        return page.hasMore() ? reply.with(WireProtocol.MORE, "") : reply;
    }

    private static Orientation orientation(TFetchResultsReq request) {
        if (!request.isSetOrientation()) {
            return Orientation.NEXT;
        }
        switch (request.getOrientation()) {
            case FETCH_NEXT:
                return Orientation.NEXT;
            case FETCH_FIRST:
                return Orientation.FIRST;
            case FETCH_PRIOR:
                return Orientation.PRIOR;
            default:
                throw new WireException(
                        WireProtocol.BAD_REQUEST, "The engine cannot fetch with " + request.getOrientation());
        }
    }

    private static Failure whyNot(Statement statement) {
        return statement
                .failure()
                .orElseGet(() -> Failure.wrongState("The statement has no result: it is " + statement.state()));
    }

    private static String gateway(WireCall call) {
        return call.header(WireProtocol.GATEWAY).orElse("");
    }

    private static long number(WireCall call, String header) {
        try {
            long number = Long.parseLong(call.header(header).orElse(""));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new WireException(WireProtocol.BAD_REQUEST, "Missing or malformed " + header);
    }
}
