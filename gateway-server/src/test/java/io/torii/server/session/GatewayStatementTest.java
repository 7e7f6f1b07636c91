package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.GatewayStatement.Phase;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayStatementTest {
    private static final StatementStatus CANCELED = GatewayStatement.ended(StatementState.CANCELED, Instant.EPOCH);

    private final GatewayStatement statement = new GatewayStatement(
            StatementId.random(SessionId.random()),
            new Work.Sql(new StatementRequest("x".repeat(1_000), Map.of(), Optional.empty())),
            Instant.EPOCH);

    @Test
    void keepsNoSqlThatItsEngineHas() {
        statement.tryMove(new Phase.Sending());

        statement.sent();

        assertThat(statement.work()).isEqualTo(new Work.Done());
    }

    @Test
    void cannotBeSentOnceItIsEnding() {
        assertThat(statement.tryMove(new Phase.Ending(CANCELED))).isTrue();

        assertThat(statement.tryMove(new Phase.Sending())).isFalse();
        statement.ended();
        assertThat(statement.phase()).isEqualTo(new Phase.Ended(CANCELED));
    }

    @Test
    void cannotBeCancelledHereOnceItIsOnItsWay() {
        statement.tryMove(new Phase.Sending());

        assertThat(statement.tryMove(new Phase.Ending(CANCELED))).isFalse();
    }
}
