package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingStatementsTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterThatTakesNothingNewServesThoseWhoseEngineRunsThere(boolean known) {
        gateway.submit(gateway.open(), "select 1");
        if (!known) {
            world.engines.knowNone();
        }
        world.policy =
                (request, clusters) -> Placement.sharedOnly("local", "Cluster local takes no new work: it hangs");

        StatementId id = gateway.submit(gateway.open(), "select 2");
        SessionId bobs = now(gateway.sessions.open(new SessionRequest(BOB, 9, Map.of(), "test")))
                .id();
        StatementId ofBob =
                now(gateway.statements.submit(bobs, BOB, new StatementRequest("select 3", Map.of(), Optional.empty())));

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.RUNNING);
        assertThat(gateway.log(id, Orientation.FIRST))
                .contains("takes no new work: it hangs", "An engine for this session runs there already, and is used");
        assertThat(now(gateway.statements.status(ofBob, BOB, Duration.ZERO))
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo("Cluster local takes no new work: it hangs");
        assertThat(world.engines.launches()).hasSize(1);
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
        SessionId session = gateway.open(Map.of("set:hiveconf:hive.query.timeout.seconds", "60"))
                .id();
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
    void aGatewayThatIsStartedAgainTakesOverWhatItsDeadPredecessorLeft() {
        world.engines.startSlowly();
        StatementId left = gateway.submit(gateway.open(), "select 1");
        TestGateway again = new TestGateway(world, "one");
        again.submit(again.open(), "select 2");

        world.time.advance(TestGateway.LEASE.dividedBy(2));
        again.tick();
        world.time.advance(TestGateway.LEASE.dividedBy(2));
        again.tick();

        assertThat(again.log(left, Orientation.FIRST)).contains("Launching engine");
    }

    @Test
    void aStatementThatCannotBeResumedIsGivenBackAtOnce() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.time.advance(TestGateway.LEASE);
        world.sessions.becomesUnavailable();
        other.tick();
        world.sessions.becomesAvailable();

        TestGateway third = new TestGateway(world, "three");
        third.tick();

        assertThat(world.statements.row(id).orElseThrow().gateway()).isEqualTo("three");
        assertThat(third.log(id, Orientation.FIRST)).contains("Launching engine");
    }

    @Test
    void aGatewayThatWasTooSlowLeavesItsStatementToWhoeverTookItOver() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.time.advance(TestGateway.LEASE);
        other.tick();

        gateway.tick();

        assertThat(gateway.log(id, Orientation.FIRST)).isEmpty();
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.PENDING);
    }

    @Test
    void aCancelThatCannotBeRecordedFailsAndIsRecordedAsSoonAsItCanBe() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.statements.becomesUnavailable();

        assertFails(gateway.statements.cancel(id, ALICE), ErrorCode.STORE_UNAVAILABLE);
        assertFails(gateway.statements.cancel(id, ALICE), ErrorCode.STORE_UNAVAILABLE);

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.PENDING);
        world.statements.becomesAvailable();
        gateway.tick();
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.CANCELED);
        assertThat(other.status(id).state()).isEqualTo(StatementState.CANCELED);
        world.engines.enginesCallHome();
        assertThat(engine().statements()).isEmpty();
    }

    @Test
    void aTimeOutIsToldOnceItIsRecorded() {
        world.engines.startSlowly();
        StatementId id = now(gateway.statements.submit(
                gateway.open(), ALICE, new StatementRequest("select 1", Map.of(), Optional.of(TWO_SECONDS))));
        world.statements.becomesUnavailable();

        world.time.advance(TWO_SECONDS);

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.PENDING);
        world.statements.becomesAvailable();
        gateway.tick();
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.TIMED_OUT);
    }

    @Test
    void aFailureIsToldOnceItIsRecorded() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.statements.becomesUnavailable();

        world.engines.launchesFail("no memory");

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.PENDING);
        world.statements.becomesAvailable();
        gateway.tick();
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.FAILED);
        assertThat(other.status(id).state()).isEqualTo(StatementState.FAILED);
    }

    @Test
    void keepsTheLeaseOfWhatIsStillToBeRecorded() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "select 1");
        world.statements.endsCannotBeRecorded();
        assertFails(gateway.statements.cancel(id, ALICE), ErrorCode.STORE_UNAVAILABLE);

        for (int turn = 0; turn < 4; turn++) {
            world.time.advance(TestGateway.LEASE.dividedBy(2));
            other.tick();
            gateway.tick();
        }

        assertThat(world.statements.row(id).orElseThrow().gateway()).isEqualTo("one");
        world.statements.becomesAvailable();
        gateway.tick();
        assertThat(other.status(id).state()).isEqualTo(StatementState.CANCELED);
    }

    @Test
    void aRowThatCouldNotBeDeletedIsDeletedLater() {
        StatementId id = sentButStillInTheStore();

        world.statements.becomesAvailable();
        gateway.tick();

        assertThat(world.statements.row(id)).isEmpty();
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void closingAStatementDeletesItsRowBeforeItsEngineForgetsIt() {
        StatementId id = sentButStillInTheStore();
        assertFails(gateway.statements.close(id, ALICE), ErrorCode.STORE_UNAVAILABLE);
        assertThat(engine().statements()).containsExactly(id);

        world.statements.becomesAvailable();
        now(gateway.statements.close(id, ALICE));

        assertThat(engine().statements()).isEmpty();
        world.time.advance(TestGateway.LEASE);
        other.tick();
        assertThat(engine().statements()).isEmpty();
    }

    private StatementId sentButStillInTheStore() {
        world.engines.startSlowly();
        StatementId id = gateway.submit(gateway.open(), "insert into t values (1)");
        world.statements.becomesUnavailable();
        world.engines.enginesCallHome();
        assertThat(engine().statements()).containsExactly(id);
        assertThat(world.statements.row(id)).isPresent();
        return id;
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
    void clearsFailedStatementsThatNobodyClosed() {
        world.engines.launchesFail("no memory");
        StatementId id = gateway.submit(gateway.open(), "select 1");

        world.time.advance(Duration.ofHours(4));
        gateway.statements.tick();

        assertThat(world.statements.row(id)).isEmpty();
    }

    private FakeEngine engine() {
        return world.engines.last();
    }
}
