package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.engine.EngineSession;
import io.torii.server.engine.FakeEngine;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The first statement of a session whose engine is there already. */
class BindingAtOnceTest {
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

    @Test
    void aShortSessionIsThreeWritesAndNoReads() {
        warmUp();
        int writes = world.sessions.writes();
        int reads = world.sessions.finds();
        int rows = world.statements.writes();

        SessionId session = gateway.open();
        StatementId statement = gateway.submit(session, "select 1");
        world.engines.last().finish(statement);
        gateway.status(statement);
        gateway.rows(statement);
        now(gateway.statements.close(statement, ALICE));
        now(gateway.sessions.close(session, ALICE));

        assertThat(world.sessions.writes() - writes).isEqualTo(3);
        assertThat(world.sessions.finds()).isEqualTo(reads);
        assertThat(world.statements.writes()).isEqualTo(rows);
        assertThat(world.engines.last().session(session)).isEmpty();
    }

    @Test
    void anotherGatewayFindsTheEngineOnceTheStatementIsThere() {
        warmUp();
        SessionId session = gateway.open();

        StatementId statement = gateway.submit(session, "select 1");

        assertThat(world.sessions.row(session).orElseThrow().engine())
                .contains(world.engines.last().engine().tag());
        assertThat(other.status(statement).state()).isEqualTo(StatementState.RUNNING);
    }

    @Test
    void theStatementsLogSaysWhyTheSessionIsWhereItIs() {
        warmUp();

        StatementId statement = gateway.submit(gateway.open(), "select 1");

        assertThat(gateway.log(statement, Orientation.FIRST)).isEqualTo("Cluster local is the default");
    }

    @Test
    void whatAnotherGatewayHasSetMeanwhileDecides() {
        warmUp();
        SessionId session = gateway.open();
        StatementId set = other.submit(session, "SET torii.queue=etl");
        world.engines.last().finish(set, Optional.of("SET torii.queue=etl"), Optional.empty());
        other.status(set);

        gateway.submit(session, "select 1");

        FakeEngine engine = world.engines.last();
        assertThat(engine.engine().key().queue()).isEqualTo("etl");
        assertThat(world.sessions.row(session).orElseThrow().engine())
                .contains(engine.engine().tag());
    }

    @Test
    void aSessionThatAnotherGatewayBindsMeanwhileIsOnOneEngine() {
        warmUp();
        SessionId session = gateway.open();
        world.sessions.beforeNextBinding(() -> other.submit(session, "select 1"));

        StatementId statement = gateway.submit(session, "select 2");

        assertThat(gateway.status(statement).state()).isEqualTo(StatementState.RUNNING);
        assertThat(world.engines.last().statements()).hasSize(3).contains(statement);
    }

    @Test
    void aSessionThatIsClosedElsewhereMeanwhileIsNotLeftInTheEngine() {
        warmUp();
        SessionId session = gateway.open();
        world.sessions.beforeNextBinding(() -> now(other.sessions.close(session, ALICE)));

        gateway.submit(session, "select 1");

        assertThat(world.engines.last().session(session)).isEmpty();
        assertFails(gateway.sessions.require(session, ALICE), ErrorCode.INVALID_HANDLE);
    }

    @Test
    void aSessionThatIsClosedElsewhereBeforeTheEngineHasItIsClosedThereLater() {
        warmUp();
        SessionId session = gateway.open();
        gateway.submit(session, "select 1");
        FakeEngine engine = world.engines.last();
        Optional<EngineSession> onItsWay = engine.session(session);
        engine.forget(session);
        now(other.sessions.close(session, ALICE));
        now(engine.openSession(onItsWay.orElseThrow()));

        world.time.advance(Duration.ofSeconds(31));

        assertThat(engine.session(session)).isEmpty();
    }

    @Test
    void anEngineThatHasDiedUnnoticedIsReplaced() {
        FakeEngine dead = warmUp();
        dead.dieSilently();

        StatementId statement = gateway.submit(gateway.open(), "select 1");

        assertThat(world.engines.last()).isNotSameAs(dead);
        assertThat(world.engines.last().statements()).containsExactly(statement);
    }

    @Test
    void aSessionThatTheStoreCannotBindIsNotLeftInTheEngine() {
        warmUp();
        SessionId session = gateway.open();
        world.sessions.beforeNextBinding(world.sessions::becomesUnavailable);

        StatementId statement = gateway.submit(session, "select 1");

        assertThat(world.engines.last().session(session)).isEmpty();
        world.sessions.becomesAvailable();
        assertThat(gateway.status(statement).state()).isEqualTo(StatementState.FAILED);
    }

    @Test
    void anEngineThatCannotOpenASessionIsNotItsEngine() {
        FakeEngine engine = warmUp();
        engine.refusesToOpen();
        SessionId session = gateway.open();

        StatementId statement = gateway.submit(session, "select 1");

        assertThat(gateway.status(statement).state()).isEqualTo(StatementState.FAILED);
        assertThat(world.sessions.row(session).orElseThrow().engine()).isEmpty();
    }

    @Test
    void aSessionThatAnotherGatewayOpenedWithoutItsJournalIsClosedByThatOneOrByThisOne() {
        FakeEngine engine = warmUp();
        SessionId session = gateway.open();
        now(world.sessions.appendJournal(StatementId.random(session), "USE sales"));
        now(engine.openSession(new EngineSession(session, "alice", 9, Map.of(), "", List.of())));

        gateway.submit(session, "select 1");
        world.time.advance(Duration.ofSeconds(1));

        assertThat(engine.session(session).orElseThrow().journal()).containsExactly("USE sales");
        assertThat(world.sessions.row(session).orElseThrow().engine())
                .contains(engine.engine().tag());
    }

    private FakeEngine warmUp() {
        gateway.submit(gateway.open(), "select 0");
        return world.engines.last();
    }
}
