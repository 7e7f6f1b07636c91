package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UnstoredLinesTest extends EngineTest {
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

        assertThat(alice.run(session, "SELECT 1").journal()).isEqualTo("SET a=b");
        assertThat(alice.run(session, "SELECT 1").journal()).isNull();
    }

    @Test
    void tellsAgainUntilItIsStored() {
        String session = alice.open();
        String set = alice.execute(session, "SET a=b");
        assertThat(alice.told(session, set).lines()).containsExactly(entry(set, "SET a=b"));
        assertThat(alice.told(session, set).lines()).containsExactly(entry(set, "SET a=b"));
        alice.closeStatement(session, set);

        String next = alice.execute(session, "SELECT 1");
        assertThat(alice.told(session, next).lines()).containsExactly(entry(set, "SET a=b"));
        assertThat(alice.end(session, next).lines()).hasSize(1);

        assertThat(alice.told(session, next).lines()).isEmpty();
    }

    @Test
    void tellsSeveralInTheirOrder() {
        String session = alice.open();
        unasked(session, "SET a=b");
        unasked(session, "SET a=c");

        TestClient.Status end = alice.run(session, "SET a=d");

        assertThat(end.lines().values()).containsExactly("SET a=b", "SET a=c", "SET a=d");
        assertThat(end.pinned()).isNull();
    }

    @Test
    void tellsLaterWhatDoesNotFit() {
        String session = alice.open();
        String large = " -- " + String.join("", Collections.nCopies(200_000, "x"));
        unasked(session, "SET a=b" + large);

        String set = alice.execute(session, "SET a=c" + large);

        assertThat(alice.end(session, set).journal()).startsWith("SET a=b");
        assertThat(alice.end(session, set).journal()).startsWith("SET a=c");
        assertThat(alice.end(session, set).journal()).isNull();
    }

    /** Runs to its end and is closed, and nobody asks how it ended. */
    private void unasked(String session, String sql) {
        String statement = alice.execute(session, sql);
        alice.schema(session, statement);
        alice.closeStatement(session, statement);
    }
}
