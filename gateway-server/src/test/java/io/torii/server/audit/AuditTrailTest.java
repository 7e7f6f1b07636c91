package io.torii.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.audit.AuditTrail.SessionLookup;
import io.torii.server.audit.AuditTrail.Stage;
import io.torii.server.auth.Identity;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.session.Caller;
import io.torii.server.store.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the trail does with statements that nobody at this gateway asks for. */
class AuditTrailTest {
    private static final int MOST = 300;
    private static final Caller ALICE = new Caller(new Identity("alice", Set.of()), "10.0.0.1");

    private final MovableClock clock = new MovableClock();
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final SessionId session = SessionId.random();
    private final List<String> lines = new ArrayList<>();
    private final List<StatementId> asked = new ArrayList<>();
    private CompletableFuture<StatementStatus> answer =
            CompletableFuture.completedFuture(StatementStatus.of(StatementState.RUNNING));
    private final AuditTrail trail = new AuditTrail(
            new SessionLookup(id -> Optional.empty(), id -> true, id -> Optional.empty()),
            (id, caller) -> {
                assertThat(caller).isEqualTo(ALICE);
                asked.add(id);
                return answer;
            },
            lines::add,
            new SqlText(SqlText.Extent.FULL, 1_000, Pattern.compile(SqlText.SECRETS), new Secret("key")),
            Duration.ofHours(3),
            metrics,
            clock,
            MOST);

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void asksForAHundredAtOnceAndForEachInItsTurn() {
        accept(250);
        clock.advance(Duration.ofSeconds(61));
        answer = CompletableFuture.failedFuture(new GatewayException(ErrorCode.STORE_UNAVAILABLE, "No store"));

        trail.tick();
        assertThat(asked).hasSize(100);
        trail.tick();
        trail.tick();
        trail.tick();

        assertThat(new HashSet<>(asked)).hasSize(250);
        assertThat(asked).hasSize(250);
        assertThat(lines).isEmpty();
        assertThat(trail.count(Stage.WAITING)).isEqualTo(250);
    }

    @Test
    void whatIsNotThereAnyMoreHasGoneElsewhere() {
        accept(1);
        clock.advance(Duration.ofSeconds(61));
        answer = CompletableFuture.failedFuture(new GatewayException(ErrorCode.INVALID_HANDLE, "No such statement"));

        trail.tick();

        assertThat(lines).singleElement().asString().contains("\"reason\":\"elsewhere\"", "\"state\":\"CLOSED\"");
    }

    @Test
    void ofTooManyTheOldestIsWrittenDownAsItIs() {
        Trace oldest = accept(1);
        accept(MOST - 1);
        assertThat(lines).isEmpty();

        accept(1);

        assertThat(lines)
                .singleElement()
                .asString()
                .contains(oldest.id().toString(), "\"reason\":\"too-many\"", "\"state\":\"PENDING\"");
        assertThat(trail.count(Stage.WAITING)).isEqualTo(MOST);
    }

    /** The last of them. */
    private Trace accept(int count) {
        Trace trace = null;
        for (int statement = 0; statement < count; statement++) {
            trace = new Trace(
                    StatementId.random(session),
                    "alice",
                    ALICE,
                    "sql",
                    Optional.empty(),
                    clock.instant(),
                    new StatementEvent());
            trail.accepted(trace);
        }
        return trace;
    }
}
