package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.engine.FakeEngine;
import io.torii.server.engine.Handover;
import io.torii.server.session.TestGateway.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client sends a statement again, to another gateway, before an engine has got it. */
class EarlierSubmissionsTest {
    private static final String INSERT = "INSERT INTO t VALUES (1)";
    private static final StatementRequest REQUEST = new StatementRequest(INSERT, Map.of(), Optional.empty());
    private static final Duration LITTLE = Duration.ofMillis(5);

    private final World world = new World();
    private final TestGateway dead = new TestGateway(world, "dead");
    private final TestGateway alive = new TestGateway(world, "alive");

    @Test
    void isTheStatementThatTheDeadGatewayLeftWaiting() {
        world.engines.startSlowly();
        SessionId session = dead.open();
        StatementId first = dead.submit(session, INSERT);

        CompletableFuture<StatementId> again = submit(alive, session);
        assertThat(again).isNotDone(); // as long as the first gateway may be alive
        world.time.advance(TestGateway.LEASE);

        assertThat(now(again)).isEqualTo(first);
        world.engines.enginesCallHome();
        assertThat(alive.status(first).state()).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(first);
    }

    @Test
    void manyWhoLookForOneTakeOverOnce() {
        world.engines.startSlowly();
        SessionId session = dead.open();
        StatementId first = dead.submit(session, INSERT);
        world.time.advance(TestGateway.LEASE);
        CompletableFuture<Void> free = world.statements.holdTakeOvers();
        int before = world.statements.takeOvers();

        List<CompletableFuture<StatementId>> again =
                List.of(submit(alive, session), submit(alive, session), submit(alive, session));

        assertThat(world.statements.takeOvers() - before).isEqualTo(1);
        free.complete(null);
        assertThat(again.stream().map(TestGateway::now)).containsOnlyOnce(first).doesNotHaveDuplicates();
    }

    @Test
    void isTheStatementThatWasTakenOver() {
        world.engines.startSlowly();
        SessionId session = dead.open();
        StatementId first = dead.submit(session, INSERT);
        world.time.advance(TestGateway.LEASE);
        alive.tick();

        assertThat(now(submit(alive, session))).isEqualTo(first);

        assertThat(now(submit(alive, session))).isNotEqualTo(first);
    }

    @Test
    void anEngineThatIsReadyMeanwhileChangesNothing() {
        alive.submit(alive.open(), "SELECT 1");
        SessionId session = alive.open();
        StatementId first = StatementId.random(session);
        now(world.statements.insert(first, REQUEST, "dead", TestGateway.LEASE));
        world.time.advance(TestGateway.LEASE);
        CompletableFuture<Void> unused = engine().holdStatements();

        assertThat(now(submit(alive, session))).isEqualTo(first);
    }

    @Test
    void isLookedForAlsoWhereTheEngineHasTheSession() {
        SessionId session = alive.open();
        alive.submit(session, "SELECT 1");
        StatementId first = StatementId.random(session);
        now(world.statements.insert(first, REQUEST, "dead", TestGateway.LEASE));
        CompletableFuture<Void> unused = engine().holdStatements();

        CompletableFuture<StatementId> again = submit(alive, session);
        assertThat(again).isNotDone();
        world.time.advance(TestGateway.LEASE);

        assertThat(now(again)).isEqualTo(first);
    }

    @Test
    void whileTheStoreIsAwayNobodyLooks() {
        SessionId session = alive.open();
        alive.submit(session, "SELECT 1");
        world.statements.becomesUnavailable();

        StatementId sent = now(submit(alive, session));

        assertThat(engine().statements()).contains(sent);
    }

    @Test
    void runsTwiceOnceTheClientHasAskedForTheFirst() {
        world.engines.startSlowly();
        SessionId session = dead.open();
        StatementId first = dead.submit(session, INSERT);
        world.time.advance(TestGateway.LEASE);
        alive.tick();
        alive.status(first);

        StatementId second = now(submit(alive, session));

        assertThat(second).isNotEqualTo(first);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void nobodyCanTellWhileAnotherGatewayHasItWaitAndLives() {
        world.engines.startSlowly();
        SessionId session = dead.open();
        StatementId first = dead.submit(session, INSERT);

        CompletableFuture<StatementId> again = submit(alive, session);
        for (int turn = 0; turn < 10; turn++) {
            dead.tick();
            world.time.advance(TestGateway.LEASE.dividedBy(5));
        }

        assertFails(again, ErrorCode.ANSWER_IN_DOUBT);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).containsExactly(first);
    }

    @Test
    void itsGatewayRunsItTwice() {
        world.engines.startSlowly();
        SessionId session = dead.open();

        assertThat(dead.submit(session, INSERT)).isNotEqualTo(dead.submit(session, INSERT));
    }

    @Test
    void anEngineHearsThatNobodyKnowsOfTheHandleOfWhatWasTakenOver() {
        world.engines.startSlowly();
        StatementId first = dead.submit(dead.open(), INSERT);
        world.time.advance(TestGateway.LEASE);
        alive.tick();

        world.engines.enginesCallHome();

        assertThat(engine().handle(first)).isEqualTo(Handover.IN_DOUBT);
    }

    @Test
    void anEngineHearsThatAHandleHasArrivedBeforeItGotTheStatement() {
        world.engines.startSlowly();
        StatementId first = alive.submit(alive.open(), INSERT);
        alive.statements.handedOver(first);

        world.engines.enginesCallHome();

        assertThat(engine().handle(first)).isEqualTo(Handover.ARRIVED);
    }

    @Test
    void anEngineHearsALittleLaterThatAHandleHasArrived() {
        StatementId first = alive.submit(alive.open(), INSERT);
        assertThat(engine().handle(first)).isEqualTo(Handover.UNDER_WAY);
        alive.statements.handedOver(first);

        world.time.advance(LITTLE);

        assertThat(engine().handle(first)).isEqualTo(Handover.ARRIVED);
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void anEngineThatHasHeardItFromTheClientIsNotTold() {
        StatementId first = alive.submit(alive.open(), INSERT);
        alive.statements.handedOver(first);
        alive.rows(first);

        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void whatRunsAgainHasAClientThatKnowsIt() {
        StatementId first = alive.submit(alive.open(), "SELECT 1");
        engine().die();

        alive.status(first);

        assertThat(engine().handle(first)).isEqualTo(Handover.ARRIVED);
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private static CompletableFuture<StatementId> submit(TestGateway gateway, SessionId session) {
        return gateway.statements.submit(session, ALICE, REQUEST);
    }
}
