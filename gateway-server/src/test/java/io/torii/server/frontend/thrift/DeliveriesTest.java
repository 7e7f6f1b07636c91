package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final FetchRequest NEXT = new FetchRequest(Content.ROWS, Orientation.NEXT, 10);
    private static final FetchRequest FIRST = new FetchRequest(Content.ROWS, Orientation.FIRST, 10);
    private static final FetchRequest LOG = new FetchRequest(Content.LOG, Orientation.NEXT, 10);

    private final Deliveries deliveries = new Deliveries(Duration.ofSeconds(10));
    private final SessionId session = SessionId.random();
    private final StatementId statement = StatementId.random(session);
    private final List<CompletableFuture<StatementId>> submitted = new ArrayList<>();
    private int fetched;

    private CompletableFuture<StatementId> submit(Delivery delivery, SessionId to, String sql) {
        return delivery.submit(to, new StatementRequest(sql, Map.of(), Optional.empty()), () -> {
            submitted.add(new CompletableFuture<>());
            return submitted.get(submitted.size() - 1);
        });
    }

    private CompletableFuture<Body> fetch(Delivery delivery, FetchRequest request) {
        return delivery.fetch(statement, request, () -> {
            fetched++;
            return CompletableFuture.completedFuture(Body.of(Unpooled.EMPTY_BUFFER));
        });
    }

    private static void assertInDoubt(ThrowingCallable answer) {
        assertThatThrownBy(answer).cause().isInstanceOfSatisfying(GatewayException.class, problem -> {
            assertThat(problem.code()).isEqualTo(ErrorCode.ANSWER_IN_DOUBT);
            assertThat(problem.sqlState()).isEqualTo("08S01");
        });
    }

    @Test
    void aSubmissionWhoseAnswerWasLostIsTheSameStatementWhenItComesAgain() {
        Deliveries.Answer lost = deliveries.begin(0);
        submit(lost, session, "insert");
        submitted.get(0).complete(statement);
        lost.ended(false);

        assertThat(submit(deliveries.begin(0), session, "insert")).isCompletedWithValue(statement);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void itStaysTheSameStatementHoweverOftenAnswersAreLost() {
        Deliveries.Answer lost = deliveries.begin(0);
        submit(lost, session, "insert");
        submitted.get(0).complete(statement);
        lost.ended(false);
        Deliveries.Answer lostAgain = deliveries.begin(0);
        submit(lostAgain, session, "insert");
        lostAgain.ended(false);

        assertThat(submit(deliveries.begin(0), session, "insert")).isCompletedWithValue(statement);
    }

    @Test
    void aSubmissionWhoseAnswerGotThroughIsANewStatementWhenItComesAgain() {
        Deliveries.Answer delivered = deliveries.begin(0);
        submit(delivered, session, "insert");
        submitted.get(0).complete(statement);
        delivered.ended(true);

        assertThat(submit(deliveries.begin(0), session, "insert")).isNotDone();
        assertThat(submitted).hasSize(2);
    }

    @Test
    void anotherTextAndAnotherSessionAreOtherStatements() {
        Deliveries.Answer lost = deliveries.begin(0);
        submit(lost, session, "insert");
        submitted.get(0).complete(statement);
        lost.ended(false);

        submit(deliveries.begin(0), session, "insert ");
        submit(deliveries.begin(0), SessionId.random(), "insert");

        assertThat(submitted).hasSize(3);
    }

    @Test
    void aClientThatIsGoneBeforeItsStatementHasAnIdFindsItLater() {
        Deliveries.Answer lost = deliveries.begin(0);
        submit(lost, session, "insert");
        lost.ended(false);

        CompletableFuture<StatementId> again = submit(deliveries.begin(0), session, "insert");
        submitted.get(0).complete(statement);

        assertThat(again).isCompletedWithValue(statement);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void theSameSubmissionWaitsForWhatBecomesOfTheFirstAnswer() {
        Deliveries.Answer first = deliveries.begin(0);
        submit(first, session, "insert");
        submitted.get(0).complete(statement);

        CompletableFuture<StatementId> second = submit(deliveries.begin(0), session, "insert");
        assertThat(second).isNotDone();
        first.ended(false);

        assertThat(second).isCompletedWithValue(statement);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void theSameSubmissionIsANewOneOnceTheFirstAnswerIsThere() {
        Deliveries.Answer first = deliveries.begin(0);
        submit(first, session, "insert");
        submitted.get(0).complete(statement);
        submit(deliveries.begin(0), session, "insert");

        first.ended(true);

        assertThat(submitted).hasSize(2);
    }

    @Test
    void whatIsNotKnownInTimeIsAnErrorThatCanBeRetried() {
        Deliveries impatient = new Deliveries(Duration.ZERO);
        submit(impatient.begin(0), session, "insert");

        CompletableFuture<StatementId> second = submit(impatient.begin(0), session, "insert");

        assertInDoubt(second::join);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void aStatementThatFailedRunsAgain() {
        Deliveries.Answer refused = deliveries.begin(0);
        submit(refused, session, "insert");
        submitted.get(0).completeExceptionally(new GatewayException(ErrorCode.SETTING_DENIED, "no"));
        refused.ended(false);
        Deliveries.Answer failed = deliveries.begin(0);
        submit(failed, session, "insert");
        submitted.get(1).complete(statement);
        failed.failed();
        failed.ended(false);

        submit(deliveries.begin(0), session, "insert");

        assertThat(submitted).hasSize(3);
    }

    @Test
    void thePageAfterOneThatWasLostIsInDoubt() {
        Deliveries.Answer lost = deliveries.begin(0);
        fetch(lost, NEXT);
        lost.ended(false);

        assertInDoubt(() -> fetch(deliveries.begin(0), NEXT).join());
        assertInDoubt(() -> fetch(deliveries.begin(0), NEXT).join());
        assertThat(fetched).isEqualTo(1);
    }

    @Test
    void fromTheFirstRowOnNothingIsInDoubt() {
        Deliveries.Answer lost = deliveries.begin(0);
        fetch(lost, NEXT);
        lost.ended(false);
        Deliveries.Answer first = deliveries.begin(0);

        assertThat(fetch(first, FIRST)).isCompleted();
        first.ended(true);

        assertThat(fetch(deliveries.begin(0), NEXT)).isCompleted();
    }

    @Test
    void aPageWaitsForTheOneBefore() {
        Deliveries.Answer first = deliveries.begin(0);
        fetch(first, NEXT);

        CompletableFuture<Body> second = fetch(deliveries.begin(0), NEXT);
        assertThat(fetched).isEqualTo(1);
        first.ended(true);

        assertThat(second).isCompleted();
        assertThat(fetched).isEqualTo(2);
    }

    @Test
    void ofTwoThatWaitOneGoesFirst() {
        Deliveries.Answer first = deliveries.begin(0);
        fetch(first, NEXT);
        CompletableFuture<Body> second = fetch(deliveries.begin(0), NEXT);
        CompletableFuture<Body> third = fetch(deliveries.begin(0), NEXT);

        first.ended(true);

        assertThat(List.of(second.isDone(), third.isDone())).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void anEngineThatDidNotAnswerMayHaveMovedOn() {
        GatewayException problem = new GatewayException(ErrorCode.ENGINE_UNREACHABLE, "gone");
        Deliveries.Answer unanswered = deliveries.begin(0);
        assertThat(unanswered.fetch(statement, NEXT, () -> CompletableFuture.failedFuture(problem)))
                .isCompletedExceptionally();
        unanswered.ended(true);

        assertInDoubt(() -> fetch(deliveries.begin(0), NEXT).join());
    }

    @Test
    void aFetchThatWasRefusedLeavesNoDoubt() {
        GatewayException problem = new GatewayException(ErrorCode.STATEMENT_STATE, "not yet");
        Deliveries.Answer refused = deliveries.begin(0);
        assertThat(refused.fetch(statement, NEXT, () -> CompletableFuture.failedFuture(problem)))
                .isCompletedExceptionally();
        refused.ended(false);

        assertThat(fetch(deliveries.begin(0), NEXT)).isCompleted();
    }

    @Test
    void linesOfTheLogAreNotWatched() {
        Deliveries.Answer lost = deliveries.begin(0);
        fetch(lost, LOG);
        lost.ended(false);

        assertThat(fetch(deliveries.begin(0), LOG)).isCompleted();
    }

    @Test
    void nothingIsBegunForAClientThatHasGone() {
        Deliveries.Answer gone = deliveries.begin(0);
        gone.ended(false);

        assertInDoubt(() -> submit(gone, session, "insert").join());
        assertInDoubt(() -> fetch(gone, NEXT).join());
        assertThat(submitted).isEmpty();
        assertThat(fetched).isZero();
    }

    @Test
    void aSubmissionThatComesTwiceWithOneNumberIsOneStatementThoughItsAnswerSeemedToArrive() {
        StatementId first = delivered(call(7), "insert");

        assertThat(submit(call(7), session, "insert")).isCompletedWithValue(first);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void aSubmissionThatComesTwiceWithOneNumberDoesNotWaitForTheFirstAnswer() {
        submit(call(7), session, "insert");
        CompletableFuture<StatementId> again = submit(call(7), session, "insert");

        submitted.get(0).complete(statement);

        assertThat(again).isCompletedWithValue(statement);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void aSubmissionIsNewIfItsNumberIsOrIfTheSessionHasCalledMeanwhileOrNumbersNothing() {
        delivered(call(7), "insert");
        delivered(call(8), "insert");
        call(9);
        delivered(call(8), "insert");
        delivered(call(0), "insert");
        delivered(call(0), "insert");
        delivered(call(1), "insert");
        delivered(call(1), "insert");

        assertThat(submitted).hasSize(7);
    }

    @Test
    void aSubmissionThatFailedIsTriedAgain() {
        Deliveries.Answer failed = call(7);
        submit(failed, session, "insert");
        submitted.get(0).completeExceptionally(new IllegalStateException("no engine"));

        submit(call(7), session, "insert");

        assertThat(submitted).hasSize(2);
    }

    @Test
    void aPageThatIsAskedForTwiceWithOneNumberIsInDoubtUntilTheFirstRowIsAskedFor() {
        Deliveries.Answer delivered = call(7);
        assertThat(fetch(delivered, NEXT)).isCompleted();
        delivered.ended(true);

        assertInDoubt(() -> fetch(call(7), NEXT).join());
        assertInDoubt(() -> fetch(call(8), NEXT).join());
        assertThat(fetched).isEqualTo(1);

        assertThat(fetch(call(9), FIRST)).isCompleted();
    }

    @Test
    void aPageIsTheNextIfItsNumberIsOrIfTheSessionHasCalledMeanwhileOrNumbersNothing() {
        for (int number : new int[] {7, 8, 0, 0, 1, 1}) {
            Deliveries.Answer page = call(number);
            assertThat(fetch(page, NEXT)).isCompleted();
            page.ended(true);
        }
        Deliveries.Answer page = call(9);
        fetch(page, NEXT);
        page.ended(true);
        fetch(call(10), LOG);

        assertThat(fetch(call(9), NEXT)).isCompleted();
    }

    private Deliveries.Answer call(int number) {
        Deliveries.Answer answer = deliveries.begin(number);
        answer.isOf(session);
        return answer;
    }

    private StatementId delivered(Deliveries.Answer answer, String sql) {
        submit(answer, session, sql);
        StatementId id = StatementId.random(session);
        submitted.get(submitted.size() - 1).complete(id);
        answer.ended(true);
        return id;
    }
}
