package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.FakeEngine;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultPagesTest {
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");
    private StatementId statement;

    @BeforeEach
    void submit() {
        SessionId session = gateway.open();
        statement = gateway.submit(session, "select 25 rows");
        engine().hasRows(25);
    }

    @Test
    void theNextPageIsReadWhileTheClientIsBusyWithTheLast() {
        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 0 to 10");
        assertThat(engine().fetches()).containsExactly("ROWS NEXT 10", "DELIVERED", "AHEAD 10");

        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 10 to 20");
        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 20 to 25");
        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 25 to 25");
        assertThat(engine().fetches().subList(3, 9))
                .containsExactly("TAKE 10", "DELIVERED", "AHEAD 20", "TAKE 20", "DELIVERED", "ROWS NEXT 10");
    }

    @Test
    void nothingIsReadAheadOfAPageThatHasNotArrived() {
        Body page = fetched(gateway, Orientation.NEXT, 10);
        assertThat(text(page)).isEqualTo("rows 0 to 10");

        assertThat(engine().fetches()).containsExactly("ROWS NEXT 10");
    }

    @Test
    void anotherGatewayTakesItsTurnWithoutARowLostOrRepeated() {
        assertThat(delivered(gateway, Orientation.NEXT, 5)).isEqualTo("rows 0 to 5");
        assertThat(delivered(other, Orientation.NEXT, 5)).isEqualTo("rows 5 to 10");
        assertThat(delivered(gateway, Orientation.NEXT, 5)).isEqualTo("rows 10 to 15");
        assertThat(delivered(other, Orientation.NEXT, 5)).isEqualTo("rows 15 to 20");
    }

    @Test
    void aClientThatChangesItsMindIsNotGivenWhatWasReadAhead() {
        delivered(gateway, Orientation.NEXT, 10);
        assertThat(delivered(gateway, Orientation.FIRST, 10)).isEqualTo("rows 0 to 10");
        assertThat(delivered(gateway, Orientation.NEXT, 3)).isEqualTo("rows 10 to 13");
        assertThat(engine().fetches()).endsWith("AHEAD 13");
    }

    @Test
    void whatNobodyAsksForIsLetGo() {
        delivered(gateway, Orientation.NEXT, 10);
        assertThat(gateway.budget.used()).isPositive();

        world.time.advance(Duration.ofSeconds(31));
        gateway.statements.tick();

        assertThat(gateway.budget.used()).isZero();
        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 10 to 20");
    }

    @Test
    void closingLetsGoOfWhatWasReadAhead() {
        delivered(gateway, Orientation.NEXT, 10);

        now(gateway.statements.close(statement, ALICE));

        assertThat(gateway.budget.used()).isZero();
    }

    @Test
    void whatDoesNotArriveIsGivenUpInTheEngine() {
        CompletableFuture<Void> arrives = engine().holdReadAhead();
        delivered(gateway, Orientation.NEXT, 10);

        assertThat(delivered(gateway, Orientation.FIRST, 10)).isEqualTo("rows 0 to 10");

        assertThat(arrives).isCancelled();
    }

    @Test
    void noMoreIsReadAheadThanTheGatewayCanHold() {
        StatementId second = gateway.submit(statement.session(), "select 25 rows");
        StatementId third = gateway.submit(statement.session(), "select 25 rows");
        engine().holdReadAhead();

        delivered(gateway, Orientation.NEXT, 10);
        long ofOne = gateway.budget.used();
        statement = second;
        delivered(gateway, Orientation.NEXT, 10);
        statement = third;
        delivered(gateway, Orientation.FIRST, 10);

        assertThat(gateway.budget.used()).isEqualTo(2 * ofOne);
    }

    @Test
    void aPageWaitsForThoseThatAreUnderWay() {
        StatementId second = roomForOnePage();
        Body first = fetched(one, Orientation.NEXT, 10);

        CompletableFuture<Body> waits = fetching(one, second);
        assertThat(waits).isNotDone();
        assertThat(text(first)).isEqualTo("rows 0 to 10");
        first.delivered();

        assertThat(text(now(waits))).isEqualTo("rows 10 to 20");
    }

    @Test
    void aPageWhoseClientDoesNotReadMakesRoomForOneThatWaits() {
        StatementId second = roomForOnePage();
        AtomicBoolean closed = new AtomicBoolean();
        Body unread = fetched(one, Orientation.NEXT, 10);
        unread.whenRevoked(() -> closed.set(true));
        now(unread.next()).orElseThrow().release();

        CompletableFuture<Body> waits = fetching(one, second);
        assertThat(waits).isNotDone();
        world.time.advance(PageBudget.UNREAD);

        assertThat(text(now(waits))).isEqualTo("rows 10 to 20");
        assertThat(closed).isTrue();
        assertThat(unread.next())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("The client took nothing for 2 s while others waited");
    }

    @Test
    void aPageThatFindsNoRoomWithinAMinuteCanBeFetchedAgain() {
        StatementId second = roomForOnePage();
        Body first = fetched(one, Orientation.NEXT, 10);

        CompletableFuture<Body> waits = fetching(one, second);
        world.time.advance(PageBudget.WAIT);

        assertThat(waits)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(GatewayException.class, problem -> assertThat(problem.code())
                        .isEqualTo(ErrorCode.TOO_MANY_READERS));
        first.cancel();
        assertThat(text(now(fetching(one, second)))).isEqualTo("rows 10 to 20");
    }

    @Test
    void whateverBecomesOfAPageItsRoomIsFreeAgain() {
        roomForOnePage();
        Body page = fetched(one, Orientation.NEXT, 10);
        assertThat(one.budget.used()).isPositive();
        page.cancel();
        page.cancel();
        assertThat(one.budget.used()).isZero();

        assertThat(one.statements.fetch(
                        StatementId.random(statement.session()),
                        ALICE,
                        new FetchRequest(Content.ROWS, Orientation.NEXT, 10)))
                .isCompletedExceptionally();
        assertThat(one.budget.used()).isZero();
    }

    private TestGateway one;

    /** A second statement, at a gateway that has room for one page only; the fake engine has one cursor for both. */
    private StatementId roomForOnePage() {
        world.pageBytes = ResultPages.PAGE_BYTES;
        one = new TestGateway(world, "small");
        StatementId second = one.submit(statement.session(), "select 25 rows");
        engine().hasRows(25);
        return second;
    }

    private static CompletableFuture<Body> fetching(TestGateway by, StatementId id) {
        return by.statements.fetch(id, ALICE, new FetchRequest(Content.ROWS, Orientation.NEXT, 10));
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private Body fetched(TestGateway by, Orientation orientation, long rows) {
        return now(by.statements.fetch(statement, ALICE, new FetchRequest(Content.ROWS, orientation, rows)));
    }

    private String delivered(TestGateway by, Orientation orientation, long rows) {
        Body page = fetched(by, orientation, rows);
        String text = text(page);
        page.delivered();
        return text;
    }

    private static String text(Body body) {
        StringBuilder text = new StringBuilder();
        for (Optional<ByteBuf> part = now(body.next()); part.isPresent(); part = now(body.next())) {
            text.append(part.get().toString(StandardCharsets.UTF_8));
            part.get().release();
        }
        return text.toString();
    }
}
