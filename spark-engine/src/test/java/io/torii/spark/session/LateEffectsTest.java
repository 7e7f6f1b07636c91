package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LateEffectsTest extends EngineTest {
    private static final String VIEW = "CREATE TEMPORARY VIEW v USING io.torii.spark.session.StubbornSource";

    @AfterEach
    void openGate() {
        Gate.open();
    }

    @Test
    void tellsWithAnotherEndWhatACancelledStatementHasDoneAllTheSame() throws Exception {
        String session = alice.open();
        Gate.close();
        String statement = alice.execute(session, VIEW);
        Gate.awaitVisitor();
        alice.cancel(session, statement);
        TestClient.Status end = alice.end(session, statement);
        assertThat(end.state()).isEqualTo("CANCELED_STATE");
        assertThat(end.journal()).as("journal before anything has happened").isNull();
        assertThat(alice.run(session, "SELECT 1").journal()).isNull();

        Gate.open();

        String told = null;
        while (told == null) {
            told = alice.run(session, "SELECT 1").journal();
        }
        assertThat(told).isEqualTo(VIEW);
        assertThat(alice.end(session, statement).journal()).isNull();
        assertThat(alice.run(session, "DESCRIBE v").state()).isEqualTo("FINISHED_STATE");
    }

    @Test
    void tellsWithTheNextEndWhatNobodyAskedFor() {
        String session = alice.open();
        unasked(session, "SET a=b");

        String next = alice.execute(session, "SELECT 1");

        assertThat(alice.end(session, next).journal()).isEqualTo("SET a=b");
        assertThat(alice.end(session, next).journal())
                .as("the same answer again")
                .isEqualTo("SET a=b");
        assertThat(alice.run(session, "SELECT 1").journal()).isNull();
    }

    @Test
    void tellsSeveralInTheirOrder() {
        String session = alice.open();
        unasked(session, "SET a=b");
        unasked(session, "SET a=c");

        assertThat(alice.run(session, "SELECT 1").journal()).isEqualTo("SET a=b");
        assertThat(alice.run(session, "SELECT 1").journal()).isEqualTo("SET a=c");
    }

    @Test
    void pinsASessionWhoseJournalWouldBeInTheWrongOrder() {
        String session = alice.open();
        unasked(session, "SET a=b");

        TestClient.Status end = alice.run(session, "SET a=c");

        assertThat(end.journal()).isEqualTo("SET a=c");
        assertThat(end.pinned()).isEqualTo("change that no journal tells");
        assertThat(alice.run(session, "SELECT 1").journal()).isNull();
    }

    /** Runs to its end and is closed, and nobody asks how it ended. */
    private void unasked(String session, String sql) {
        String statement = alice.execute(session, sql);
        alice.schema(session, statement);
        alice.closeStatement(session, statement);
    }
}
