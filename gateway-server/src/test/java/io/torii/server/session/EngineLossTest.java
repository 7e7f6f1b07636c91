package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.FakeEngine;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.TestGateway.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineLossTest {
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

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
    void waitsUntilTheRegistryHasHeardThatAnEngineDrains() {
        gateway.submit(gateway.open(), "select 1");
        FakeEngine draining = engine();
        draining.drain();
        StatementId id = gateway.submit(gateway.open(), "select 2");
        assertThat(gateway.status(id).state()).isEqualTo(StatementState.PENDING);

        world.engines.registry().drain(tag());
        world.time.advance(Duration.ofMillis(300));

        assertThat(engine()).isNotSameAs(draining);
        assertThat(engine().statements()).containsExactly(id);
    }

    @Test
    void doesNotWaitForEverForAnEngineThatDrains() {
        gateway.submit(gateway.open(), "select 1");
        engine().drain();
        StatementId id = gateway.submit(gateway.open(), "select 2");

        world.time.advance(Duration.ofSeconds(5));

        assertThat(gateway.status(id).state()).isEqualTo(StatementState.FAILED);
    }

    private FakeEngine engine() {
        return world.engines.last();
    }

    private LaunchTag tag() {
        return engine().engine().tag();
    }

    private List<String> journal(SessionId session) {
        return world.sessions.journal(session).join();
    }
}
