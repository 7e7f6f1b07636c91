package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.frontend.thrift.UnconfirmedAnswers.Pending;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnconfirmedAnswersTest {
    private final UnconfirmedAnswers<StatementId, String> answers = new UnconfirmedAnswers<>(StatementId::session);
    private final StatementId statement = StatementId.random(SessionId.random());

    private Pending<String> begin(StatementId key) {
        Pending<String> answer = new Pending<>();
        answers.begin(key, answer);
        return answer;
    }

    private StatementId lose(SessionId session) {
        StatementId key = StatementId.random(session);
        answers.lost(key, begin(key));
        return key;
    }

    @Test
    void aSessionThatLosesManyHasNoneOfAnotherForgotten() {
        answers.lost(statement, begin(statement));
        SessionId busy = SessionId.random();
        List<StatementId> lost = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            lost.add(lose(busy));
        }

        assertThat(answers.find(statement)).isPresent();
        assertThat(lost.stream().filter(key -> answers.find(key).isPresent()))
                .as("the latest hundred")
                .containsExactlyElementsOf(lost.subList(199_900, 200_000));
    }

    @Test
    void whatIsUnderWayIsNeverForgotten() {
        Pending<String> pending = begin(statement);
        for (int i = 0; i < 100_000; i++) {
            lose(statement.session());
            lose(SessionId.random());
        }

        assertThat(answers.find(statement)).containsSame(pending);
    }

    @Test
    void thereIsABoundForAllTogether() {
        StatementId first = lose(SessionId.random());
        for (int i = 0; i < 99_999; i++) {
            lose(SessionId.random());
        }
        assertThat(answers.find(first)).isPresent();

        lose(SessionId.random());

        assertThat(answers.find(first)).isEmpty();
    }

    @Test
    void whatIsBegunAgainIsNotCountedAsLost() {
        for (int i = 0; i < 200_000; i++) {
            answers.lost(statement, begin(statement));
        }
        StatementId other = lose(statement.session());

        assertThat(answers.find(statement)).isPresent();
        assertThat(answers.find(other)).isPresent();
    }

    @Test
    void whatArrivedIsForgotten() {
        answers.arrived(statement, begin(statement));

        assertThat(answers.find(statement)).isEmpty();
    }

    @Test
    void whatIsOverDoesNotChangeWhatCameAfterIt() {
        Pending<String> first = begin(statement);
        Pending<String> second = begin(statement);

        answers.lost(statement, first);
        answers.arrived(statement, first);

        assertThat(answers.find(statement)).containsSame(second);
    }
}
