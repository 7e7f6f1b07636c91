package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.GRACE;
import static io.torii.server.session.TestGateway.IDLE;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredSessionsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

    @Test
    void opensASessionWithItsAliasesResolved() {
        Session session = gateway.open(Map.of("set:hiveconf:mapreduce.job.queuename", "etl", "use:database", "sales"));

        assertThat(session.user()).isEqualTo("alice");
        assertThat(session.database()).isEqualTo("sales");
        assertThat(session.settings()).containsEntry("torii.queue", "etl");
        assertThat(world.sessions.row(session.id())).isPresent();
    }

    @Test
    void refusesToOpenWithADeniedSetting() {
        assertFails(
                gateway.sessions.open(new SessionRequest(ALICE, 9, Map.of("spark.master", "yarn"), "test")),
                ErrorCode.SETTING_DENIED);
    }

    @Test
    void refusesToOpenMoreSessionsThanTheLimits() {
        world.limits = new SessionLimits(1, 0, 0, 0);
        TestGateway limited = new TestGateway(world, "limited");
        limited.open();

        assertFails(limited.sessions.open(new SessionRequest(ALICE, 9, Map.of(), "test")), ErrorCode.TOO_MANY_SESSIONS);
        assertThat(limited.sessions.open(new SessionRequest(BOB, 9, Map.of(), "test")))
                .isCompleted();
    }

    @Test
    void closingEndsTheSessionInTheStoreAndInItsEngine() {
        SessionId session = gateway.open();
        StatementId statement = gateway.submit(session, "select 1");

        now(gateway.sessions.close(session, ALICE));

        assertThat(world.sessions.row(session)).isEmpty();
        assertThat(world.engines.last().session(session)).isEmpty();
        assertFails(gateway.sessions.close(session, ALICE), ErrorCode.INVALID_HANDLE);
        assertFails(gateway.statements.status(statement, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void closingAtAnotherGatewayThanTheOneThatBoundItReachesTheEngineToo() {
        SessionId session = gateway.open();
        other.sessions.require(session, ALICE).join();
        gateway.submit(session, "select 1");

        now(other.sessions.close(session, ALICE));

        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void noticesSoonThatAnotherGatewayHasClosedTheSession() {
        SessionId session = gateway.open();
        now(other.sessions.close(session, ALICE));

        world.time.advance(Duration.ofSeconds(11));

        assertFails(gateway.sessions.require(session, ALICE), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void aStatementOfASessionClosedAtAnotherGatewayDoesNotOpenItAgain() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        now(other.sessions.close(session, ALICE));

        StatementId late = gateway.submit(session, "select 2");

        assertThat(world.engines.last().session(session)).isEmpty();
        assertFails(gateway.statements.status(late, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void closingWhileAnEngineStartsLeavesNothingOpenThere() {
        world.engines.startSlowly();
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");

        now(gateway.sessions.close(session, ALICE));
        world.engines.enginesCallHome();

        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void tellsTheStoreOfUsesAtMostOnceAnInterval() {
        SessionId session = gateway.open();
        int writes = world.sessions.writes();
        for (int second = 0; second < 25; second++) {
            world.time.advance(SECOND);
            now(gateway.sessions.require(session, ALICE));
        }

        assertThat(world.sessions.writes() - writes).isEqualTo(2);
        world.time.advance(Duration.ofSeconds(10));
        gateway.tick();
        assertThat(usedAt(session)).isEqualTo(world.time.instant().minusSeconds(10));
    }

    @Test
    void endsASessionThatWasNotUsedForTooLong() {
        SessionId session = gateway.open();
        StatementId statement = gateway.submit(session, "select 1");
        world.engines.last().finish(statement);
        world.time.advance(IDLE.minus(SECOND));
        gateway.tick();
        assertThat(world.sessions.row(session)).isPresent();

        world.time.advance(SECOND.multipliedBy(2));
        gateway.tick();

        assertThat(world.sessions.row(session)).isEmpty();
        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void keepsASessionThatAnotherGatewayUses() {
        SessionId session = gateway.open();
        world.time.advance(IDLE.minus(SECOND));
        now(other.sessions.require(session, ALICE));

        world.time.advance(SECOND.multipliedBy(2));
        gateway.tick();

        assertThat(world.sessions.row(session)).isPresent();
    }

    @Test
    void aSessionWhoseStatementRunsIsNotIdle() {
        SessionId session = gateway.open();
        StatementId statement = gateway.submit(session, "insert into t select * from large");

        world.time.advance(IDLE.plus(SECOND));
        gateway.tick();
        assertThat(world.engines.last().statements()).containsExactly(statement);
        assertThat(usedAt(session)).isEqualTo(world.time.instant());
        world.engines.last().finish(statement);
        world.time.advance(IDLE.plus(SECOND));
        gateway.tick();

        assertThat(world.sessions.row(session)).isEmpty();
    }

    @Test
    void otherGatewaysHearInTimeThatASessionIsAtWork() {
        SessionId session = gateway.open();
        gateway.submit(session, "insert into t select * from large");

        world.time.advance(IDLE.minusSeconds(30));
        gateway.tick();
        world.time.advance(Duration.ofMinutes(1));
        other.tick();

        assertThat(world.sessions.row(session)).isPresent();
    }

    @Test
    void asksTheStoreNoMoreForASessionThatWasClosedElsewhere() {
        SessionId session = gateway.open();
        now(other.sessions.close(session, ALICE));
        world.time.advance(IDLE.plus(SECOND));
        gateway.tick();
        int finds = world.sessions.finds();

        gateway.tick();

        assertThat(world.sessions.finds()).isEqualTo(finds);
    }

    @Test
    void aSessionThatIsClosedElsewhereWhileItIsBoundDoesNotComeBack() {
        SessionId session = gateway.open();
        world.sessions.beforeNextBinding(() -> now(other.sessions.close(session, ALICE)));

        gateway.submit(session, "select 1");

        assertThat(world.engines.last().session(session)).isEmpty();
        assertFails(gateway.sessions.require(session, ALICE), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void aSessionThatIsClosedHereWhileItIsBoundDoesNotComeBack() {
        SessionId session = gateway.open();
        world.sessions.beforeNextBinding(() -> now(gateway.sessions.close(session, ALICE)));

        gateway.submit(session, "select 1");

        assertThat(world.engines.last().session(session)).isEmpty();
        assertFails(gateway.sessions.require(session, ALICE), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void aSessionThatTheStoreCannotDeleteStaysAsItIs() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        world.sessions.becomesUnavailable();

        assertFails(gateway.sessions.close(session, ALICE), ErrorCode.STORE_UNAVAILABLE);

        assertThat(world.engines.last().session(session)).isPresent();
        world.sessions.becomesAvailable();
        now(gateway.sessions.close(session, ALICE));
        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void aSessionMayNotBeUnusedForLongerThanTheAdministratorAllows() {
        Session lasting = gateway.open(Map.of("hive.server2.idle.session.timeout", "12h"));
        Session endless = gateway.open(Map.of("torii.session.idle-timeout", "0s"));
        StatementId statement = gateway.submit(endless.id(), "select 1");
        world.engines.last().finish(statement);

        assertThat(gateway.log(statement, Orientation.NEXT))
                .contains("torii.session.idle-timeout is PT6H, the most that the administrator allows");
        world.time.advance(IDLE.plus(SECOND));
        gateway.tick();

        assertThat(world.sessions.row(lasting.id())).isEmpty();
        assertThat(world.sessions.row(endless.id())).isEmpty();
    }

    @Test
    void aStatementMayNotTakeLongerThanTheAdministratorAllows() {
        world.statementTimeout = Duration.ofHours(1);
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();

        StatementId set = limited.submit(session, "SET torii.statement.timeout=0s");
        StatementId next = limited.submit(session, "select 1");
        StatementId longer = submit(limited, session, Duration.ofHours(2));
        StatementId shorter = submit(limited, session, Duration.ofMinutes(2));

        String note = "torii.statement.timeout is PT1H, the most that the administrator allows";
        assertThat(limited.log(set, Orientation.NEXT)).contains(note);
        assertThat(limited.log(longer, Orientation.NEXT)).contains(note);
        assertThat(world.engines.last().statement(next).timeout()).contains(Duration.ofHours(1));
        assertThat(world.engines.last().statement(longer).timeout()).contains(Duration.ofHours(1));
        assertThat(world.engines.last().statement(shorter).timeout()).contains(Duration.ofMinutes(2));
    }

    @Test
    void aStatementMayTakeLongerIfTheAdministratorLetsUsersSayHowLong() {
        world.statementTimeout = Duration.ofHours(1);
        world.usersMaySet = List.of("torii.statement.timeout");
        TestGateway generous = new TestGateway(world, "generous");

        StatementId longer = submit(generous, generous.open(), Duration.ofHours(2));

        assertThat(world.engines.last().statement(longer).timeout()).contains(Duration.ofHours(2));
    }

    @Test
    void refusesAStatementWithANulCharacter() {
        StatementRequest nul = new StatementRequest("select 1 -- \0", Map.of(), Optional.empty());

        assertFails(gateway.statements.submit(gateway.open(), ALICE, nul), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void heedsTheIdleTimeOutThatASessionAskedForWhereUsersMaySetIt() {
        world.usersMaySet = List.of("torii.session.idle-timeout");
        TestGateway gateway = new TestGateway(world, "generous");
        SessionId brief =
                gateway.open(Map.of("kyuubi.session.idle.timeout", "PT10M")).id();
        SessionId lasting =
                gateway.open(Map.of("hive.server2.idle.session.timeout", "12h")).id();
        SessionId endless =
                gateway.open(Map.of("torii.session.idle-timeout", "0s")).id();

        world.time.advance(Duration.ofMinutes(11));
        gateway.tick();
        assertThat(world.sessions.row(brief)).isEmpty();
        world.time.advance(Duration.ofHours(11));
        gateway.tick();
        assertThat(world.sessions.row(lasting)).isPresent();
        world.time.advance(Duration.ofHours(2));
        gateway.tick();

        assertThat(world.sessions.row(lasting)).isEmpty();
        assertThat(world.sessions.row(endless)).isPresent();
    }

    @Test
    void endsASessionThatLostItsConnectionAfterAGracePeriod() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        gateway.sessions.connectionLost(session);

        world.time.advance(GRACE.minus(SECOND));
        assertThat(world.sessions.row(session)).isPresent();
        world.time.advance(SECOND);

        assertThat(world.sessions.row(session)).isEmpty();
        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void endsASessionThatLostItsConnectionOnceTheStoreIsBack() {
        SessionId session = gateway.open();
        gateway.sessions.connectionLost(session);
        world.sessions.becomesUnavailable();
        world.time.advance(GRACE);

        world.sessions.becomesAvailable();
        world.time.advance(Duration.ofMinutes(1));

        assertThat(world.sessions.row(session)).isEmpty();
    }

    @Test
    void theStoreHearsOfAUseOnceItIsBack() {
        SessionId session = gateway.open();
        world.sessions.becomesUnavailable();
        world.time.advance(IDLE.minus(SECOND));
        now(gateway.sessions.require(session, ALICE));
        Instant used = world.time.instant();
        world.time.advance(SECOND.multipliedBy(2));

        world.sessions.becomesAvailable();
        gateway.tick();
        other.tick();

        assertThat(usedAt(session)).isEqualTo(used);
    }

    @Test
    void keepsASessionThatWasUsedHereWhateverTheStoreHasHeard() {
        SessionId session = gateway.open();
        world.time.advance(IDLE.minus(SECOND));
        world.sessions.becomesUnavailable();
        now(gateway.sessions.require(session, ALICE));
        world.sessions.becomesAvailable();
        world.time.advance(SECOND.multipliedBy(2));

        world.sessions.becomesDeaf();
        gateway.tick();

        assertThat(world.sessions.row(session)).isPresent();
    }

    @Test
    void keepsASessionThatIsUsedAgainWithinTheGracePeriodAtWhateverGateway() {
        SessionId here = gateway.open();
        SessionId there = gateway.open();
        gateway.sessions.connectionLost(here);
        gateway.sessions.connectionLost(there);

        world.time.advance(SECOND);
        now(gateway.sessions.require(here, ALICE));
        now(other.sessions.require(there, ALICE));
        world.time.advance(Duration.ofSeconds(15));
        other.tick();
        world.time.advance(Duration.ofSeconds(15));

        assertThat(world.sessions.row(here)).isPresent();
        assertThat(world.sessions.row(there)).isPresent();
    }

    @Test
    void recordsWhatSetSaysAboutToriiAndForwardsIt() {
        SessionId session = gateway.open();

        StatementId set = gateway.submit(session, "/* mine */ SET kyuubi.operation.query.timeout = PT1M;");
        StatementId next = gateway.submit(session, "select 1");

        assertThat(world.engines.last().statement(set).sql())
                .isEqualTo("/* mine */ SET kyuubi.operation.query.timeout = PT1M;");
        assertThat(settings(session)).containsEntry("torii.statement.timeout", "PT1M");
        assertThat(world.engines.last().statement(next).timeout()).contains(Duration.ofMinutes(1));
    }

    @Test
    void aQueueSetByItsSparkNameIsForwardedUnderANameThatSparkLetsOneSet() {
        SessionId session = gateway.open();

        StatementId set = gateway.submit(session, "set spark.yarn.queue=etl");

        assertThat(world.engines.last().statement(set).sql()).isEqualTo("SET torii.queue=etl");
        assertThat(settings(session)).containsEntry("torii.queue", "etl");
        assertThat(gateway.log(set, Orientation.NEXT))
                .contains("torii.queue takes effect when the session next gets an engine");
    }

    @Test
    void refusesToSetWhatIsDenied() {
        SessionId session = gateway.open();
        StatementRequest set = new StatementRequest(
                "-- harmless\nSET `spark.driver.extraJavaOptions` = -Dx", Map.of(), Optional.empty());
        StatementRequest overlay =
                new StatementRequest("select 1", Map.of("spark.jars", "/etc/passwd"), Optional.empty());

        assertFails(gateway.statements.submit(session, ALICE, set), ErrorCode.SETTING_DENIED);
        assertFails(gateway.statements.submit(session, ALICE, overlay), ErrorCode.SETTING_DENIED);
        assertThat(world.engines.launches()).isEmpty();
    }

    @Test
    void notesAnUnknownNameOfAnotherServerInTheLogOfItsSet() {
        SessionId session = gateway.open();

        StatementId set = gateway.submit(session, "SET kyuubi.no.such.thing=1");

        assertThat(gateway.log(set, Orientation.NEXT))
                .contains("Setting kyuubi.no.such.thing is ignored: Torii does not know it");
        assertThat(gateway.status(set).state()).isEqualTo(StatementState.RUNNING);
    }

    private static StatementId submit(TestGateway gateway, SessionId session, Duration timeout) {
        return now(gateway.statements.submit(
                session, ALICE, new StatementRequest("select 1", Map.of(), Optional.of(timeout))));
    }

    private Instant usedAt(SessionId session) {
        return world.sessions.row(session).orElseThrow().usedAt();
    }

    private Map<String, String> settings(SessionId session) {
        return world.sessions.row(session).orElseThrow().session().settings();
    }
}
