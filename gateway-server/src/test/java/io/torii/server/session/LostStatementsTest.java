package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.FakeEngine;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a statement whose engine dies. */
class LostStatementsTest {
    private static final FetchRequest NEXT = new FetchRequest(Content.ROWS, Orientation.NEXT, 7);

    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");
    private final SessionId session = gateway.open();

    @Test
    void aReadThatRanGoesOnOnTheNextEngine() {
        StatementId id = submitted("select 1");
        FakeEngine dead = engine();
        dead.die();

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        assertThat(engine()).isNotSameAs(dead);
        assertThat(engine().statements()).containsExactly(id);
        engine().finish(id);
        assertThat(state(id)).isEqualTo(StatementState.FINISHED);
        assertThat(gateway.rows(id)).isEqualTo("ROWS NEXT 7");
        assertThat(gateway.log(id, Orientation.NEXT)).contains("runs again");
    }

    @Test
    void aReadThatWasOnItsWayToADyingEngineRunsOnTheNext() {
        submitted("select 1");
        FakeEngine dying = engine();
        dying.dieSlowly();

        StatementId id = submitted("select 2");

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void aStatementWaitsForTheNewsThatAnEngineHasDied() {
        submitted("select 1");
        FakeEngine dying = engine();
        dying.hang();
        StatementId id = submitted("select 2");
        assertThat(state(id)).isNotEqualTo(StatementState.FAILED);

        dying.die();
        world.time.advance(Duration.ofSeconds(1));

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void anEngineThatDiesWhileASessionIsOpenedThereIsLookedAtUntilItIsGone() {
        submitted("select 1");
        engine().diesWhenAsked();

        StatementId id = other.submit(session, "select 2");
        world.time.advance(Duration.ofSeconds(1));

        assertThat(now(other.statements.status(id, ALICE, Duration.ZERO)).state())
                .isEqualTo(StatementState.RUNNING);
    }

    @Test
    void aStatementDoesNotGoWithTheOneThatWaitedBeforeItAndWasCancelled() {
        submitted("select 1");
        FakeEngine dying = engine();
        dying.hang();
        StatementId cancelled = submitted("select 2");
        now(gateway.statements.cancel(cancelled, ALICE));
        StatementId next = submitted("select 3");

        world.engines.startSlowly();
        dying.die();
        world.time.advance(Duration.ofSeconds(1));
        world.engines.enginesCallHome();

        assertThat(state(cancelled)).isEqualTo(StatementState.CANCELED);
        assertThat(state(next)).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(next);
    }

    @Test
    void aPollThatWaitsSeesTheStatementRunningAgain() {
        StatementId id = submitted("select 1");
        FakeEngine dead = engine();
        CompletableFuture<StatementStatus> poll = gateway.statements.status(id, ALICE, Duration.ofSeconds(5));

        dead.die();

        assertThat(engine()).isNotSameAs(dead);
        engine().finish(id);
        assertThat(now(poll).state()).isEqualTo(StatementState.FINISHED);
    }

    @Test
    void aQuestionAboutCatalogsRunsAgain() {
        StatementId id = now(gateway.statements.submit(session, ALICE, new MetadataQuery.Catalogs()));
        engine().die();

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into t values (1)", "select java_method('a', 'b')", "nonsense"})
    void whatMayHaveChangedSomethingFailsAndSaysSo(String sql) {
        StatementId id = submitted(sql);
        engine().die();

        StatementStatus status = gateway.status(id);

        assertThat(status.failure().orElseThrow().sqlState()).isEqualTo("08S01");
        assertThat(status.failure().orElseThrow().message()).contains("may have run");
        assertThat(gateway.status(id)).isEqualTo(status);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void anEngineThatSaysItselfThatItEndsIsExplainedToo() {
        world.engineEnds = engine -> CompletableFuture.completedFuture(Optional.of("it was killed by root"));
        StatementId id = submitted("insert into t values (1)");

        engine().fail(id, new StatementFailure("08S01", ErrorCode.ENGINE_LOST.number(), "The engine ends", List.of()));

        assertThat(gateway.status(id).failure().orElseThrow().message())
                .isEqualTo("The engine ends (it was killed by root)");
    }

    @Test
    void whyItsEngineHasEndedIsToldWithIt() {
        world.engineEnds = engine -> CompletableFuture.completedFuture(Optional.of("it was killed by root"));
        StatementId id = submitted("insert into t values (1)");
        engine().die();

        assertThat(gateway.status(id).failure().orElseThrow().message())
                .startsWith("The engine of statement " + id + " has ended (it was killed by root), and the statement");
    }

    @Test
    void aReadWhoseRowsWereHandedOutFails() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        gateway.rows(id);
        engine().die();

        assertFails(gateway.statements.fetch(id, ALICE, NEXT), ErrorCode.ENGINE_LOST);
        assertThat(state(id)).isEqualTo(StatementState.FAILED);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void aReadWhoseRowsAnotherGatewayHandedOutFails() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        other.rows(id);
        engine().die();

        assertFails(gateway.statements.fetch(id, ALICE, NEXT), ErrorCode.ENGINE_LOST);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void aGatewayThatDidNotSendTheStatementCannotRunItAgain() {
        StatementId id = submitted("select 1");
        other.status(id);
        engine().die();

        assertThat(other.status(id).state()).isEqualTo(StatementState.FAILED);
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void aReadThatFinishedUnreadStaysFinishedAndIsComputedAgainByItsFetch() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        FakeEngine dead = engine();
        dead.die();

        assertThat(state(id)).isEqualTo(StatementState.FINISHED);
        assertThat(engine()).isSameAs(dead);
        CompletableFuture<Body> rows = gateway.statements.fetch(id, ALICE, NEXT);
        assertThat(engine()).isNotSameAs(dead);
        assertThat(rows).as("while they are computed").isNotDone();
        engine().finish(id);
        assertThat(TestGateway.text(rows)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void soIsOneWhoseEngineDiesOverItsFirstPage() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        FakeEngine dead = engine();
        dead.diesOverNextBody();

        CompletableFuture<Body> rows = gateway.statements.fetch(id, ALICE, NEXT);

        assertThat(rows).as("while they are computed").isNotDone();
        assertThat(engine()).isNotSameAs(dead);
        engine().finish(id);
        assertThat(TestGateway.text(rows)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void soIsOneWhoseEngineAnswersNobodyAndThenEnds() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        FakeEngine dying = engine();
        dying.hang();

        CompletableFuture<Body> rows = gateway.statements.fetch(id, ALICE, NEXT);
        world.time.advance(Duration.ofSeconds(10));
        assertThat(rows).as("while nobody knows").isNotDone();
        dying.die();
        world.time.advance(Duration.ofSeconds(1));

        assertThat(engine()).isNotSameAs(dying);
        engine().finish(id);
        assertThat(TestGateway.text(rows)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void aFetchFromAnEngineThatHangsFailsWhenItHasHadItsTime() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        engine().hang();

        CompletableFuture<Body> rows = gateway.statements.fetch(id, ALICE, NEXT);
        assertThat(rows).isNotDone();
        world.time.advance(TestGateway.PATIENCE.plusSeconds(1));

        assertFails(rows, ErrorCode.ENGINE_UNREACHABLE);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void soIsOneWhoseEngineDiesOverItsColumns() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        FakeEngine dead = engine();
        dead.diesOverNextBody();

        CompletableFuture<Body> schema = gateway.statements.schema(id, ALICE);

        assertThat(engine()).isNotSameAs(dead);
        engine().finish(id);
        assertThat(TestGateway.text(schema)).isEqualTo("schema");
        assertThat(gateway.rows(id)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void soIsOneWhoseEndCameWithTheAnswerToItsSubmission() {
        submitted("select 0");
        engine().endsEarly(new EarlyEnd(
                new EngineStatus(StatementStatus.of(StatementState.FINISHED), List.of(), Optional.empty()),
                Optional.empty()));
        StatementId id = submitted("select 1");
        assertThat(state(id)).isEqualTo(StatementState.FINISHED);
        FakeEngine dead = engine();
        dead.die();

        CompletableFuture<Body> schema = gateway.statements.schema(id, ALICE);
        assertThat(engine()).isNotSameAs(dead);
        engine().finish(id);
        assertThat(TestGateway.text(schema)).isEqualTo("schema");
        assertThat(gateway.rows(id)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void aFetchWaitsForTheNextEngine() {
        StatementId id = submitted("select 1");
        engine().finish(id);
        gateway.status(id);
        engine().die();
        world.engines.startSlowly();

        CompletableFuture<Body> rows = gateway.statements.fetch(id, ALICE, NEXT);
        assertThat(rows).isNotDone();
        world.engines.enginesCallHome();
        engine().finish(id);

        assertThat(TestGateway.text(rows)).isEqualTo("ROWS NEXT 7");
    }

    @Test
    void aReadThatMayHaveGotToAnEngineThatDiedRunsOnTheNext() {
        submitted("select 0");
        engine().dieSilently();

        StatementId id = submitted("select 1");

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void aReadIsSentToTwoEnginesAtMost() {
        StatementId id = submitted("select 1");
        engine().die();
        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        engine().die();

        assertThat(state(id)).isEqualTo(StatementState.FAILED);
        assertThat(world.engines.launches()).hasSize(2);
    }

    @Test
    void itsTimeRunsFromTheFirstSubmission() {
        StatementId id = now(gateway.statements.submit(
                session, ALICE, new StatementRequest("select 1", Map.of(), Optional.of(Duration.ofSeconds(100)))));
        world.time.advance(Duration.ofSeconds(30));
        engine().die();
        gateway.status(id);

        assertThat(engine().statement(id).timeout()).contains(Duration.ofSeconds(70));
    }

    @Test
    void aCancelledReadDoesNotRunAgain() {
        StatementId id = submitted("select 1");
        engine().die();

        now(gateway.statements.cancel(id, ALICE));

        assertThat(state(id)).isEqualTo(StatementState.FAILED);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void aReadOfASessionThatCannotMoveFails() {
        StatementId cache = submitted("cache table t");
        engine().finish(cache, Optional.empty(), Optional.of("cached table"));
        gateway.status(cache);
        StatementId id = submitted("select 1");
        engine().die();

        assertThat(state(id)).isEqualTo(StatementState.FAILED);
    }

    @Test
    void whatIsNotRememberedForWantOfRoomFails() {
        world.sentBytes = 2_000;
        TestGateway small = new TestGateway(world, "small");
        SessionId own = small.open();
        StatementId first = small.submit(own, "select 1");
        StatementId second = small.submit(own, "select '" + "x".repeat(500) + "'");
        engine().die();

        assertThat(small.status(first).state()).isEqualTo(StatementState.FAILED);
        assertThat(small.status(second).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void whileNobodyKnowsWhetherAnEngineDiedItsStatementsRun() {
        StatementId id = submitted("select 1");
        FakeEngine silent = engine();
        silent.hang();

        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        world.time.advance(TestGateway.PATIENCE.minusSeconds(1));
        assertThat(state(id)).isEqualTo(StatementState.RUNNING);
        world.time.advance(Duration.ofSeconds(1));
        assertFails(gateway.statements.status(id, ALICE, Duration.ZERO), ErrorCode.ENGINE_UNREACHABLE);
    }

    private StatementId submitted(String sql) {
        return gateway.submit(session, sql);
    }

    private StatementState state(StatementId id) {
        return gateway.status(id).state();
    }

    private FakeEngine engine() {
        return world.engines.last();
    }
}
