package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.FakeEngine;
import io.torii.server.engine.JournalLine;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoutedStatementsTest {
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
    void whatCameWithTheAnswerToTheSubmissionIsNotAskedForAgain() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        engine().endsEarly(new EarlyEnd(
                new EngineStatus(
                        StatementStatus.of(StatementState.FINISHED),
                        List.of(new JournalLine(UUID.randomUUID(), "SET a=1")),
                        Optional.empty()),
                Optional.of("columns".getBytes(StandardCharsets.UTF_8))));

        StatementId statement = gateway.submit(session, "SET a=1");
        int asked = engine().waits().size();

        assertThat(now(world.sessions.journal(session))).containsExactly("SET a=1");
        assertThat(gateway.status(statement).state()).isEqualTo(StatementState.FINISHED);
        assertThat(gateway.schema(statement)).isEqualTo("columns");
        assertThat(engine().waits()).hasSize(asked);
        assertThat(other.status(statement).state()).isEqualTo(StatementState.FINISHED);
        assertThat(other.schema(statement)).isEqualTo("schema");
    }

    @Test
    void aStatementThatHasEndedIsClosedWithoutWaitingForItsEngine() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        engine().endsEarly(new EarlyEnd(
                new EngineStatus(StatementStatus.of(StatementState.FINISHED), List.of(), Optional.empty()),
                Optional.empty()));
        StatementId statement = gateway.submit(session, "select 1");
        engine().losesNextAnswer();

        now(gateway.statements.close(statement, ALICE));

        assertThat(engine().statements()).doesNotContain(statement);
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
    void aCancelThatCrossesTheSubmissionReachesTheEngine() {
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        CompletableFuture<Void> hold = engine().holdStatements();
        StatementId id = now(
                other.statements.submit(session, ALICE, new StatementRequest("select 2", Map.of(), Optional.empty())));

        CompletableFuture<Void> cancelled = other.statements.cancel(id, ALICE);
        assertThat(cancelled).isNotDone();
        hold.complete(null);

        now(cancelled);
        assertThat(other.status(id).state()).isEqualTo(StatementState.CANCELED);
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
    void statementsThatAnotherGatewayHasClosedCountNoMore() {
        world.statementsPerSession = 2;
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();
        StatementId first = limited.submit(session, "select 1");
        limited.submit(session, "select 2");
        now(other.statements.close(first, ALICE));
        world.time.advance(Duration.ofSeconds(11));

        assertThat(limited.submit(session, "select 3")).isNotNull();
        StatementRequest fourth = new StatementRequest("select 4", Map.of(), Optional.empty());
        assertFails(limited.statements.submit(session, ALICE, fourth), ErrorCode.TOO_MANY_STATEMENTS);
    }

    @Test
    void aStatementThatItsEngineHasDroppedCountsNoMoreOnceItIsClosed() {
        world.statementsPerSession = 1;
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();
        StatementId first = limited.submit(session, "select 1");
        now(engine().close(first));

        assertFails(limited.statements.close(first, ALICE), ErrorCode.INVALID_HANDLE);

        assertThat(limited.submit(session, "select 2")).isNotNull();
    }

    @Test
    void aStatementThatItsEngineHasDroppedCountsNoMoreOnceItIsAskedFor() {
        world.statementsPerSession = 1;
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();
        StatementId first = limited.submit(session, "select 1");
        now(engine().close(first));

        assertFails(limited.statements.status(first, ALICE, Duration.ZERO), ErrorCode.INVALID_HANDLE);

        assertThat(limited.submit(session, "select 2")).isNotNull();
    }

    @Test
    void statementsThatNobodyClosesCountNoMoreOnceTheyHaveEndedAndBeenUnusedForLong() {
        world.statementsPerSession = 2;
        TestGateway limited = new TestGateway(world, "limited");
        SessionId session = limited.open();
        StatementId ended = limited.submit(session, "select 1");
        StatementId runs = limited.submit(session, "select 2");
        engine().finish(ended);

        world.time.advance(Duration.ofHours(3).plusSeconds(1));
        limited.statements.tick();

        assertThat(limited.submit(session, "select 3")).isNotNull();
        StatementRequest fourth = new StatementRequest("select 4", Map.of(), Optional.empty());
        assertFails(limited.statements.submit(session, ALICE, fourth), ErrorCode.TOO_MANY_STATEMENTS);
        assertThat(limited.status(runs).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void questionsAboutCatalogsGoTheSameWay() {
        SessionId session = gateway.open();

        StatementId id = now(gateway.statements.submit(session, ALICE, new MetadataQuery.Catalogs()));

        assertThat(engine().statements()).containsExactly(id);
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private LaunchTag tag() {
        return engine().engine().tag();
    }
}
