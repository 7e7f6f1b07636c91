package io.torii.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.StatementRequest;
import io.torii.server.store.StatementRepository.StoredStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link StatementRepository} promises. A repository's own test extends this; each test finds it empty. */
public abstract class StatementRepositoryContract {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final StatementRequest REQUEST =
            new StatementRequest("SELECT 1", Map.of("spark.a", "1"), Optional.of(Duration.ofMillis(1_500)));

    protected abstract StatementRepository repository();

    /** The same repository, as another gateway sees it. */
    protected abstract StatementRepository otherGateway();

    /** A session that statements may belong to. */
    protected abstract SessionId openSession();

    /** Lets so much time go by that every lease is over. */
    protected abstract void leasesLapse();

    @Test
    void knowsWhatItWasTold() {
        StatementId id = StatementId.random(openSession());

        answer(repository().insert(id, REQUEST, "here", LEASE));

        StoredStatement stored = stored(id);
        assertThat(stored.id()).isEqualTo(id);
        assertThat(stored.request()).isEqualTo(REQUEST);
        assertThat(stored.gateway()).isEqualTo("here");
        assertThat(stored.state()).isEqualTo(StatementState.PENDING);
        assertThat(stored.failure()).isEmpty();
        assertThat(answer(repository().find(id))).contains(stored);
    }

    @Test
    void aStatementMayHaveNoTimeoutOfItsOwn() {
        StatementId id = StatementId.random(openSession());

        answer(repository().insert(id, new StatementRequest("SELECT 1", Map.of(), Optional.empty()), "here", LEASE));

        assertThat(stored(id).request().timeout()).isEmpty();
    }

    @Test
    void doesNotKnowWhatItWasNotTold() {
        StatementId id = waiting("here");

        assertThat(answer(repository().find(StatementId.random(id.session())))).isEmpty();
        assertThat(answer(repository().find(new StatementId(openSession(), id.value()))))
                .as("the statement of another session")
                .isEmpty();
    }

    @Test
    void namesASessionsWaitingStatementsOfOneText() {
        SessionId session = openSession();
        StatementId one = waiting(session, "here");
        StatementId other = waiting(session, "there");
        insert(session, new StatementRequest("SELECT 2", REQUEST.overlay(), Optional.empty()), "there");
        insert(session, new StatementRequest(REQUEST.sql(), Map.of("x", "y"), Optional.empty()), "there");
        answer(repository().finish(waiting(session, "here"), StatementState.CANCELED, Optional.empty()));
        waiting("here");

        assertThat(answer(otherGateway().waitingLike(session, REQUEST))).containsExactlyInAnyOrder(one, other);
        assertThat(answer(otherGateway().waitingLike(openSession(), REQUEST))).isEmpty();
    }

    @Test
    void forgetsWhatIsDeleted() {
        StatementId id = waiting("here");

        answer(otherGateway().delete(id));
        answer(otherGateway().delete(id));

        assertThat(answer(repository().find(id))).isEmpty();
        assertThat(answer(repository().waitingLike(id.session(), REQUEST))).isEmpty();
    }

    @Test
    void nobodyTakesOverWhatIsLeased() {
        StatementId id = waiting("here");

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10))).isEmpty();
        assertThat(stored(id).gateway()).isEqualTo("here");
    }

    @Test
    void anotherGatewayTakesOverWhatIsLeasedNoLonger() {
        StatementId id = waiting("here");

        leasesLapse();

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10)))
                .singleElement()
                .satisfies(taken -> {
                    assertThat(taken.id()).isEqualTo(id);
                    assertThat(taken.request()).isEqualTo(REQUEST);
                });
        assertThat(stored(id).gateway()).isEqualTo("there");
        assertThat(answer(repository().takeOver("here", LEASE, 10)))
                .as("leased anew")
                .isEmpty();
    }

    @Test
    void takesOverNoMoreAtATimeThanAskedFor() {
        SessionId session = openSession();
        for (int i = 0; i < 5; i++) {
            waiting(session, "here");
        }
        leasesLapse();

        assertThat(answer(otherGateway().takeOver("there", LEASE, 3))).hasSize(3);
        assertThat(answer(otherGateway().takeOver("there", LEASE, 3))).hasSize(2);
        assertThat(answer(otherGateway().takeOver("there", LEASE, 3))).isEmpty();
    }

    @Test
    void exactlyOneOfManyGatewaysTakesAStatementOver() {
        SessionId session = openSession();
        List<StatementId> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(waiting(session, "dead"));
        }
        leasesLapse();
        List<CompletableFuture<List<StoredStatement>>> attempts = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            attempts.add(repository().takeOver("here" + i, LEASE, 20));
            attempts.add(otherGateway().takeOver("there" + i, LEASE, 20));
        }

        List<StatementId> taken = new ArrayList<>();
        attempts.forEach(attempt -> answer(attempt).forEach(statement -> taken.add(statement.id())));
        assertThat(taken).containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void aGatewayKeepsTheStatementsWhoseLeasesItRenewsAndNoOthers() {
        StatementId one = waiting("here");
        StatementId other = waiting("here");
        StatementId abandoned = waiting("here");
        leasesLapse();

        answer(repository().renewLeases("here", List.of(one, other), LEASE));

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10)))
                .extracting(StoredStatement::id)
                .containsExactly(abandoned);
    }

    @Test
    void aGatewayCannotRenewWhatAnotherHasTakenOver() {
        StatementId id = waiting("here");
        leasesLapse();
        answer(otherGateway().takeOver("there", LEASE, 10));
        leasesLapse();

        answer(repository().renewLeases("here", List.of(id), LEASE));

        assertThat(answer(otherGateway().takeOver("third", LEASE, 10)))
                .extracting(StoredStatement::id)
                .containsExactly(id);
    }

    @Test
    void aStatementWhoseLeaseIsGivenBackIsTakenAtOnce() {
        StatementId id = waiting("here");

        answer(repository().renewLeases("here", List.of(id), Duration.ZERO));

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10)))
                .extracting(StoredStatement::id)
                .containsExactly(id);
    }

    @Test
    void renewsTheLeasesOfMoreStatementsThanFitIntoOneQuery() {
        SessionId session = openSession();
        List<StatementId> held = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            held.add(waiting(session, "here"));
        }
        leasesLapse();

        answer(repository().renewLeases("here", held, LEASE));

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELED", "TIMED_OUT", "FAILED"})
    void remembersHowAStatementEnded(StatementState end) {
        StatementId id = waiting("here");

        answer(repository().finish(id, end, Optional.empty()));

        assertThat(stored(id).state()).isEqualTo(end);
        assertThat(stored(id).failure()).isEmpty();
    }

    @Test
    void remembersWhyAStatementFailed() {
        StatementId id = waiting("here");
        StatementFailure failure = new StatementFailure(
                "42P01", 1008, "Table 'sales' is not there\nline 2", List.of("at \"x\"", "", "caused by: 漢字 😀"));

        answer(repository().finish(id, StatementState.FAILED, Optional.of(failure)));

        assertThat(stored(id).failure()).contains(failure);
    }

    @Test
    void remembersTheFailureOfALaunch() {
        StatementId id = waiting("here");
        StatementFailure failure =
                StatementFailure.of(new GatewayException(ErrorCode.ENGINE_LAUNCH_FAILED, "The engine ended"));

        answer(repository().finish(id, StatementState.FAILED, Optional.of(failure)));

        assertThat(stored(id).failure()).contains(failure);
    }

    @Test
    void aStatementEndsOnce() {
        StatementId id = waiting("here");
        answer(repository().finish(id, StatementState.CANCELED, Optional.empty()));

        StatementFailure late = new StatementFailure("HY000", 1008, "Too late", List.of());
        answer(otherGateway().finish(id, StatementState.FAILED, Optional.of(late)));

        assertThat(stored(id).state()).isEqualTo(StatementState.CANCELED);
        assertThat(stored(id).failure()).isEmpty();
    }

    @Test
    void nobodyTakesOverWhatHasEnded() {
        StatementId id = waiting("here");
        answer(repository().finish(id, StatementState.CANCELED, Optional.empty()));

        leasesLapse();

        assertThat(answer(otherGateway().takeOver("there", LEASE, 10))).isEmpty();
    }

    @Test
    void endingWhatIsNotThereChangesNothing() {
        StatementId id = StatementId.random(openSession());

        answer(repository().finish(id, StatementState.CANCELED, Optional.empty()));

        assertThat(answer(repository().find(id))).isEmpty();
    }

    static Stream<String> awkwardTexts() {
        return Texts.awkward();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("awkwardTexts")
    void keepsEveryTextAsItIs(String text) {
        StatementId id = StatementId.random(openSession());
        StatementRequest request = new StatementRequest(text, Map.of("k", text), Optional.empty());
        StatementFailure failure = new StatementFailure("HY000", 1008, text, List.of(text));
        answer(repository().insert(id, request, "here", LEASE));
        leasesLapse();

        StatementRequest taken =
                answer(otherGateway().takeOver("there", LEASE, 10)).get(0).request();
        answer(otherGateway().finish(id, StatementState.FAILED, Optional.of(failure)));

        assertThat(taken.equals(request)).isTrue();
        assertThat(stored(id).request().equals(request)).isTrue();
        assertThat(stored(id).failure().equals(Optional.of(failure))).isTrue();
    }

    private StatementId waiting(String gateway) {
        return waiting(openSession(), gateway);
    }

    private StatementId waiting(SessionId session, String gateway) {
        return insert(session, REQUEST, gateway);
    }

    private StatementId insert(SessionId session, StatementRequest request, String gateway) {
        StatementId id = StatementId.random(session);
        answer(repository().insert(id, request, gateway, LEASE));
        return id;
    }

    private StoredStatement stored(StatementId id) {
        return answer(otherGateway().find(id)).orElseThrow();
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
