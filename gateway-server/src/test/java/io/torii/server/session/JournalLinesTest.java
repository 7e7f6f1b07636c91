package io.torii.server.session;

import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.engine.FakeEngine;
import io.torii.server.session.TestGateway.World;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What statements did to their session gets into the store, whatever becomes of the gateway that is told first. */
class JournalLinesTest {
    private final World world = new World();
    private final TestGateway gateway = new TestGateway(world, "one");
    private final TestGateway other = new TestGateway(world, "two");

    @Test
    void anEngineHearsThatALineIsStored() {
        SessionId session = gateway.open();
        StatementId set = gateway.submit(session, "SET a=b");
        engine().finish(set, Optional.of("SET a=b"), Optional.empty());
        assertThat(engine().unstored()).hasSize(1);

        gateway.status(set);

        assertThat(now(world.sessions.journal(session))).containsExactly("SET a=b");
        assertThat(engine().unstored()).isEmpty();
    }

    @Test
    void aLineThatNobodyHasStoredIsStoredWithTheNextEnd() {
        SessionId session = gateway.open();
        StatementId set = gateway.submit(session, "SET a=b");
        engine().finish(set, Optional.of("SET a=b"), Optional.empty());

        StatementId next = other.submit(session, "SELECT 1");
        engine().finish(next);
        other.status(next);
        gateway.status(set);

        assertThat(now(world.sessions.journal(session))).as("once").containsExactly("SET a=b");
        assertThat(engine().unstored()).isEmpty();
    }

    @Test
    void anEngineHearsNothingOfALineThatTheStoreCouldNotTake() {
        SessionId session = gateway.open();
        StatementId set = gateway.submit(session, "SET a=b");
        engine().finish(set, Optional.of("SET a=b"), Optional.empty());
        world.sessions.becomesUnavailable();

        assertThat(gateway.statements.look(set, TestGateway.ALICE)).isCompletedExceptionally();

        assertThat(engine().unstored()).hasSize(1);
    }

    private FakeEngine engine() {
        return world.engines.last();
    }
}
