package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.placement.Placement;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
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

class RoutedStatementsTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

    @Test
    void bindsAtTheFirstStatementAndNotBefore() {
        SessionId session = gateway.open();
        assertThat(world.engines.launches()).isEmpty();

        StatementId statement = gateway.submit(session, "select 1");

        assertThat(world.engines.launches()).hasSize(1);
        assertThat(engine().statements()).containsExactly(statement);
        assertThat(world.sessions.row(session).orElseThrow().engine()).contains(tag());
    }

    @Test
    void writesNothingToTheStoreForAStatementOfABoundSession() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        int writes = world.sessions.writes() + world.statements.writes();

        StatementId second = gateway.submit(session, "select 2");
        gateway.status(second);
        gateway.rows(second);

        assertThat(world.sessions.writes() + world.statements.writes()).isEqualTo(writes);
        assertThat(engine().statements()).contains(second);
    }

    @Test
    void concurrentFirstStatementsShareOneBindingAndStartInOrder() {
        world.engines.startSlowly();
        SessionId session = gateway.open();
        StatementId first = gateway.submit(session, "select 1");
        StatementId second = gateway.submit(session, "select 2");
        assertThat(gateway.status(first).state()).isEqualTo(StatementState.PENDING);

        world.engines.enginesCallHome();

        assertThat(world.engines.launches()).hasSize(1);
        assertThat(engine().statements()).containsExactly(first, second);
        assertThat(world.statements.row(first)).isEmpty();
        assertThat(world.statements.row(second)).isEmpty();
    }

    @Test
    void everyCallChecksTheOwner() {
        SessionId session = gateway.open();
        StatementId id = gateway.submit(session, "select 1");
        StatementRequest request = new StatementRequest("select 1", Map.of(), Optional.empty());
        FetchRequest rows = new FetchRequest(Content.ROWS, Orientation.NEXT, 1);

        List<CompletableFuture<?>> calls = List.of(
                gateway.statements.submit(session, BOB, request),
                gateway.statements.submit(session, BOB, new MetadataQuery.Catalogs()),
                gateway.statements.status(id, BOB, Duration.ZERO),
                gateway.statements.schema(id, BOB),
                gateway.statements.fetch(id, BOB, rows),
                gateway.statements.cancel(id, BOB),
                gateway.statements.close(id, BOB),
                other.statements.status(id, BOB, Duration.ZERO),
                gateway.sessions.require(session, BOB),
                gateway.sessions.close(session, BOB));

        assertThat(calls).allSatisfy(call -> assertFails(call, ErrorCode.NOT_THE_OWNER));
    }

    @Test
    void aFailedLaunchIsAStateOfTheStatementOnEveryGateway() {
        world.engines.launchesFail("Engine ended before it was ready: no such jar");
        SessionId session = gateway.open();

        StatementId id = gateway.submit(session, "select 1");

        assertThat(List.of(gateway.status(id), other.status(id))).allSatisfy(status -> {
            assertThat(status.state()).isEqualTo(StatementState.FAILED);
            StatementFailure failure = status.failure().orElseThrow();
            assertThat(failure.message()).isEqualTo("Engine ended before it was ready: no such jar");
            assertThat(failure.sqlState()).isEqualTo("08001");
            assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_LAUNCH_FAILED.number());
        });
    }

    @Test
    void aRefusedPlacementIsAStateWithItsReasons() {
        world.policy = (request, clusters) -> Placement.refused("There is no cluster mars (known: local)");

        StatementId id = gateway.submit(gateway.open(), "select 1");

        assertThat(gateway.status(id).failure().orElseThrow().message())
                .isEqualTo("There is no cluster mars (known: local)");
    }

    @Test
    void aPollWakesUpWhenTheLaunchFails() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        CompletableFuture<StatementStatus> poll = gateway.statements.status(id, ALICE, TWO_SECONDS);
        assertThat(poll).isNotDone();

        world.engines.launchesFail("no memory");

        assertThat(now(poll).state()).isEqualTo(StatementState.FAILED);
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void aPollOfAWaitingStatementEndsWithItsWait() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        CompletableFuture<StatementStatus> poll = gateway.statements.status(id, ALICE, TWO_SECONDS);

        world.time.advance(TWO_SECONDS);

        assertThat(now(poll).state()).isEqualTo(StatementState.PENDING);
    }

    @Test
    void aPollGoesOnInTheEngineForTheRestOfItsWait() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        CompletableFuture<StatementStatus> poll = gateway.statements.status(id, ALICE, TWO_SECONDS);
        world.time.advance(Duration.ofMillis(500));

        world.engines.enginesCallHome();
        engine().finish(id);

        assertThat(now(poll).state()).isEqualTo(StatementState.FINISHED);
        assertThat(engine().waits()).containsExactly(Duration.ofMillis(1500));
    }

    @Test
    void cancelsAWaitingStatementAtOnceAndNeverSendsIt() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        CompletableFuture<StatementStatus> poll = gateway.statements.status(id, ALICE, TWO_SECONDS);

        now(gateway.statements.cancel(id, ALICE));

        assertThat(now(poll).state()).isEqualTo(StatementState.CANCELED);
        assertThat(other.status(id).state()).isEqualTo(StatementState.CANCELED);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).isEmpty();
    }

    @Test
    void cancelsAtAnotherGatewayThanTheOneWhereItWaits() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");

        now(other.statements.cancel(id, ALICE));
        gateway.tick();

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.CANCELED);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).isEmpty();
    }

    @Test
    void aCancelThatCrossesTheSubmissionReachesTheEngine() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        CompletableFuture<Void> hold = engine().holdStatements();
        StatementId id = now(other.statements.submit(
                session, ALICE, new StatementRequest("select 2", Map.of(), Optional.empty())));

        CompletableFuture<Void> cancelled = other.statements.cancel(id, ALICE);
        assertThat(cancelled).isNotDone();
        hold.complete(null);

        now(cancelled);
        assertThat(other.status(id).state()).isEqualTo(StatementState.CANCELED);
    }

    @Test
    void timesOutWhileItWaits() {
        world.engines.startSlowly();
        SessionId session = gateway.open();
        StatementId id = now(gateway.statements.submit(
                session, ALICE, new StatementRequest("select 1", Map.of(), Optional.of(Duration.ofSeconds(5)))));

        world.time.advance(Duration.ofSeconds(5));

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.TIMED_OUT);
        assertThat(other.status(id).state()).isEqualTo(StatementState.TIMED_OUT);
    }

    @Test
    void theWaitCountsTowardsTheTimeOut() {
        world.engines.startSlowly();
        SessionId session = gateway.open(Map.of("set:hiveconf:hive.query.timeout.seconds", "60")).id();
        StatementId id = gateway.submit(session, "select 1");
        world.time.advance(Duration.ofSeconds(20));

        world.engines.enginesCallHome();

        assertThat(engine().statement(id).timeout()).contains(Duration.ofSeconds(40));
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void nothingCanBeFetchedFromAStatementThatWaits() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        FetchRequest rows = new FetchRequest(Content.ROWS, Orientation.NEXT, 1);

        assertFails(gateway.statements.schema(id, ALICE), ErrorCode.STATEMENT_STATE);
        assertFails(gateway.statements.fetch(id, ALICE, rows), ErrorCode.STATEMENT_STATE);
        assertFails(other.statements.schema(id, ALICE), ErrorCode.STATEMENT_STATE);
        assertFails(other.statements.fetch(id, ALICE, rows), ErrorCode.STATEMENT_STATE);
    }

    @Test
    void theLogIsTheGatewaysThenTheEngines() {
        world.engines.startSlowly();
        SessionId session = gateway.open(Map.of("hive.no.such.thing", "1")).id();
        StatementId id = gateway.submit(session, "select 1");

        assertThat(gateway.log(id, Orientation.NEXT))
                .isEqualTo("Setting hive.no.such.thing is ignored: Torii does not know it\n"
                        + "Cluster local is the default\n"
                        + "Launching engine local/spark/user/alice/-/default/-");
        assertThat(gateway.log(id, Orientation.NEXT)).isEmpty();
        world.engines.enginesCallHome();
        assertThat(gateway.log(id, Orientation.NEXT)).isEqualTo("Engine is ready");
        assertThat(gateway.log(id, Orientation.NEXT)).isEqualTo("LOG NEXT 100");
        assertThat(gateway.log(id, Orientation.FIRST)).startsWith("Setting hive.no.such.thing");
        assertThat(gateway.log(id, Orientation.NEXT)).isEqualTo("LOG FIRST 100");
        assertThat(gateway.log(id, Orientation.NEXT)).isEqualTo("LOG NEXT 100");
        assertThat(other.log(id, Orientation.FIRST)).isEqualTo("LOG FIRST 100");
    }

    @Test
    void theJournalIsInTheStoreBeforeTheStatementIsSeenToHaveFinished() {
        SessionId session = gateway.open();
        StatementId id = gateway.submit(session, "use sales");
        engine().finish(id, Optional.of("use sales"), Optional.empty());
        assertThat(journal(session)).isEmpty();

        gateway.status(id);
        gateway.status(id);
        other.status(id);

        assertThat(journal(session)).containsExactly("use sales");
    }

    @Test
    void aStatementIsNotSeenToHaveFinishedWhileTheStoreCannotKeepItsJournal() {
        StatementId id = gateway.submit(gateway.open(), "use sales");
        engine().finish(id, Optional.of("use sales"), Optional.empty());
        world.sessions.becomesUnavailable();

        assertFails(gateway.statements.status(id, ALICE, Duration.ZERO), ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aSessionWhoseEngineDiedMovesToANewOneWithItsJournal() {
        SessionId session = gateway.open();
        StatementId use = gateway.submit(session, "use sales");
        engine().finish(use, Optional.of("use sales"), Optional.empty());
        gateway.status(use);
        FakeEngine dead = engine();
        dead.die();

        StatementStatus lost = gateway.status(use);
        StatementId next = gateway.submit(session, "select 1");

        assertThat(lost.state()).isEqualTo(StatementState.FAILED);
        assertThat(lost.failure().orElseThrow().sqlState()).isEqualTo("08S01");
        assertThat(engine()).isNotSameAs(dead);
        assertThat(engine().statements()).containsExactly(next);
        assertThat(engine().session(session).orElseThrow().journal()).containsExactly("use sales");
        assertThat(gateway.log(next, Orientation.NEXT)).contains("The session's engine is gone");
        assertThat(gateway.status(use).failure().orElseThrow().sqlState()).isEqualTo("08S01");
    }

    @Test
    void aPinnedSessionSaysWhatItLostWithItsEngine() {
        SessionId session = gateway.open();
        StatementId cache = gateway.submit(session, "cache table t");
        engine().finish(cache, Optional.empty(), Optional.of("cached table"));
        gateway.status(cache);
        engine().die();

        StatementId next = gateway.submit(session, "select 1");

        StatementFailure failure = gateway.status(next).failure().orElseThrow();
        assertThat(failure.sqlState()).isEqualTo("08S01");
        assertThat(failure.message()).contains("(cached table)").contains("open a new session");
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void reopensASessionThatItsEngineHasLetGo() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        engine().forget(session);

        StatementId id = gateway.submit(session, "select 2");

        assertThat(engine().statements()).containsExactly(id);
        assertThat(world.engines.launches()).hasSize(1);
    }

    @Test
    void aPinnedSessionThatItsEngineHasLetGoIsNotReopenedSilently() {
        SessionId session = gateway.open();
        StatementId cache = gateway.submit(session, "cache table t");
        engine().finish(cache, Optional.empty(), Optional.of("cached table"));
        gateway.status(cache);
        engine().forget(session);

        StatementId id = gateway.submit(session, "select 2");

        assertThat(gateway.status(id).failure().orElseThrow().message()).contains("(cached table)");
    }

    @Test
    void sendsAStatementOnceMoreWhenTheAnswerOfALivingEngineIsLost() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        engine().losesNextAnswer();

        StatementId id = gateway.submit(session, "select 2");

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.RUNNING);
        assertThat(engine().statements()).hasSize(2).contains(id);
    }

    @Test
    void neverRunsAStatementAgainThatMayHaveRunOnAnEngineThatDied() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        engine().dieSilently();

        StatementId id = gateway.submit(session, "insert into t values (1)");

        assertThat(gateway.status(id).failure().orElseThrow().sqlState()).isEqualTo("08S01");
        assertThat(world.engines.launches()).hasSize(1);
        StatementId next = gateway.submit(session, "select 2");
        assertThat(gateway.status(next).state()).isEqualTo(StatementState.RUNNING);
        assertThat(world.engines.launches()).hasSize(2);
    }

    @Test
    void movesAwayFromAnEngineThatDrainsAndHasLetTheSessionGo() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        FakeEngine draining = engine();
        draining.drain();
        world.engines.registry().drain(tag());
        draining.forget(session);

        StatementId id = gateway.submit(session, "select 2");

        assertThat(engine()).isNotSameAs(draining);
        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void anyGatewayServesTheHandle() {
        SessionId session = gateway.open();
        StatementId id = gateway.submit(session, "select 1");

        assertThat(other.status(id).state()).isEqualTo(StatementState.RUNNING);
        engine().finish(id);
        assertThat(other.status(id).state()).isEqualTo(StatementState.FINISHED);
        assertThat(TestGateway.text(other.statements.schema(id, ALICE))).isEqualTo("schema");
        assertThat(other.rows(id)).isEqualTo("ROWS NEXT 7");
        now(other.statements.close(id, ALICE));
        assertFails(gateway.statements.status(id, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void aPollAtAnotherGatewayFollowsAStatementThatWaits() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        CompletableFuture<StatementStatus> poll = other.statements.status(id, ALICE, TWO_SECONDS);
        assertThat(poll).isNotDone();

        world.engines.enginesCallHome();
        engine().finish(id);
        world.time.advance(Duration.ofMillis(500));

        assertThat(now(poll).state()).isEqualTo(StatementState.FINISHED);
    }

    @Test
    void takesOverWhatADeadGatewayLeftWaiting() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.time.advance(TestGateway.LEASE);

        other.tick();
        world.engines.enginesCallHome();

        assertThat(engine().statements()).containsExactly(id);
        assertThat(other.status(id).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void keepsItsLeasesAsLongAsItTicks() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        for (int turn = 0; turn < 5; turn++) {
            world.time.advance(TestGateway.LEASE.dividedBy(2));
            gateway.tick();
            other.tick();
        }

        assertThat(world.statements.row(id).orElseThrow().gateway()).isEqualTo("one");
    }

    @Test
    void closingAWaitingStatementFreesIt() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");

        now(gateway.statements.close(id, ALICE));

        assertThat(world.statements.row(id)).isEmpty();
        assertFails(gateway.statements.status(id, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).isEmpty();
    }

    @Test
    void anUnknownStatementIsAnInvalidHandle() {
        SessionId session = gateway.open();
        StatementId unknown = StatementId.random(session);
        assertFails(gateway.statements.status(unknown, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);

        gateway.submit(session, "select 1");

        assertFails(gateway.statements.status(unknown, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);
        assertFails(
                gateway.statements.status(StatementId.random(SessionId.random()), ALICE, Duration.ZERO),
                ErrorCode.INVALID_HANDLE);
    }

    @Test
    void limitsTheStatementsOfASession() {
        world.statementsPerSession = 2;
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();
        StatementId first = limited.submit(session, "select 1");
        limited.submit(session, "select 2");
        StatementRequest third = new StatementRequest("select 3", Map.of(), Optional.empty());

        assertFails(limited.statements.submit(session, ALICE, third), ErrorCode.TOO_MANY_STATEMENTS);

        now(limited.statements.close(first, ALICE));
        assertThat(limited.statements.submit(session, ALICE, third)).isCompleted();
    }

    @Test
    void questionsAboutCatalogsGoTheSameWay() {
        SessionId session = gateway.open();

        StatementId id = now(gateway.statements.submit(session, ALICE, new MetadataQuery.Catalogs()));

        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void clearsFailedStatementsThatNobodyClosed() {
        world.engines.launchesFail("no memory");
        StatementId id = gateway.submit(gateway.open(), "select 1");

        world.time.advance(Duration.ofHours(4));
        gateway.statements.tick();

        assertThat(world.statements.row(id)).isEmpty();
    }

    static void assertFails(CompletableFuture<?> call, ErrorCode code) {
        assertThat(call).isCompletedExceptionally();
        assertThatThrownBy(call::join).satisfies(failure -> assertThat(Failures.of(failure))
                .extracting(GatewayException::code)
                .isEqualTo(code));
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private LaunchTag tag() {
        return engine().engine().tag();
    }

    private List<String> journal(SessionId session) {
        return world.sessions.row(session).orElseThrow().journal();
    }
}
