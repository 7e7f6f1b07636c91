package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlyEndsTest {
    private final EarlyEnds ends = new EarlyEnds(4_000);
    private final StatementId first = StatementId.random(SessionId.random());
    private final StatementId second = StatementId.random(SessionId.random());

    @Test
    void forgetsWhatWasUsedLeastLatelyWhenThereIsNoRoom() {
        StatementId third = StatementId.random(SessionId.random());
        ends.keep(first, end(1_000));
        ends.keep(second, end(1_000));
        assertThat(ends.of(first)).isPresent();

        ends.keep(third, end(1_000));

        assertThat(ends.of(first)).isPresent();
        assertThat(ends.of(second)).isEmpty();
        assertThat(ends.of(third)).isPresent();
    }

    @Test
    void theWordsOfFailuresCountToo() {
        ends.keep(first, failed("x".repeat(800)));
        ends.keep(second, failed("x".repeat(800)));

        assertThat(ends.of(first)).isEmpty();
        assertThat(ends.of(second)).isPresent();
    }

    @Test
    void whatIsForgottenMakesRoom() {
        ends.keep(first, end(3_000));
        assertThat(ends.forget(first)).isTrue();
        assertThat(ends.forget(first)).isFalse();

        ends.keep(second, end(3_000));

        assertThat(ends.of(second)).isPresent();
    }

    private static EarlyEnd end(int bytes) {
        return new EarlyEnd(
                new EngineStatus(StatementStatus.of(StatementState.FINISHED), List.of(), Optional.empty()),
                Optional.of(new byte[bytes]));
    }

    private static EarlyEnd failed(String message) {
        StatementFailure failure = new StatementFailure("HY000", 1, message, List.of());
        return new EarlyEnd(
                new EngineStatus(StatementStatus.failed(failure, Instant.EPOCH), List.of(), Optional.empty()),
                Optional.empty());
    }
}
