package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
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
        assertThat(gateway.results.reservedBytes()).isPositive();

        world.time.advance(Duration.ofSeconds(31));
        gateway.statements.tick();

        assertThat(gateway.results.reservedBytes()).isZero();
        assertThat(delivered(gateway, Orientation.NEXT, 10)).isEqualTo("rows 10 to 20");
    }

    @Test
    void closingLetsGoOfWhatWasReadAhead() {
        delivered(gateway, Orientation.NEXT, 10);

        now(gateway.statements.close(statement, ALICE));

        assertThat(gateway.results.reservedBytes()).isZero();
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
        long ofOne = gateway.results.reservedBytes();
        statement = second;
        delivered(gateway, Orientation.NEXT, 10);
        statement = third;
        delivered(gateway, Orientation.FIRST, 10);

        assertThat(gateway.results.reservedBytes()).isEqualTo(2 * ofOne);
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
