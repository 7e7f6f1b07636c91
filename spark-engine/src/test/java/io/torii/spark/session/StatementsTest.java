package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StatementsTest extends EngineTest {
    static final String FOREVER = "SELECT sum(id % 7) FROM range(0, 1000000000000000, 1, 2)";

    @Test
    void runsAStatementFromSubmissionToClosing() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT 1 AS one");

        TestClient.Status end = alice.end(session, statement);

        assertThat(end.state()).isEqualTo("FINISHED_STATE");
        assertThat(end.answer.isHasResultSet()).isTrue();
        assertThat(end.answer.getOperationCompleted()).isGreaterThanOrEqualTo(end.answer.getOperationStarted());
        assertThat(alice.schema(session, statement)
                        .getSchema()
                        .getColumns()
                        .get(0)
                        .getColumnName())
                .isEqualTo("one");
        assertThat(TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0)))
                .containsExactly("1");
        alice.closeStatement(session, statement);
        assertThatThrownBy(() -> alice.end(session, statement))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_STATEMENT));
    }

    @Test
    void saysThatACommandHasNoResult() {
        TestClient.Status end = alice.run(alice.open(), "CREATE TABLE IF NOT EXISTS made (a INT) USING parquet");

        assertThat(end.state()).isEqualTo("FINISHED_STATE");
        assertThat(end.answer.isHasResultSet()).isFalse();
    }

    @Test
    void runsTheSameStatementIdOnce() {
        String session = alice.open();
        String statement = UUID.randomUUID().toString();

        alice.executeAs(session, statement, "SELECT 1", Collections.emptyMap(), 0);
        alice.end(session, statement);
        alice.executeAs(session, statement, "SELECT 2", Collections.emptyMap(), 0);

        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
        assertThat(TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0)))
                .containsExactly("1");
    }

    @Test
    void doesNotRunAStatementAgainThatHasBeenClosed() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT 1");
        alice.end(session, statement);
        alice.closeStatement(session, statement);

        alice.executeAs(session, statement, "SELECT 1", Collections.emptyMap(), 0);

        assertThatThrownBy(() -> alice.end(session, statement)).hasMessageContaining("no statement");
    }

    @Test
    void runsManySessionsAndStatementsAtOnce() {
        List<String[]> started = new ArrayList<>();
        List<String> sessions =
                IntStream.range(0, 100).mapToObj(i -> alice.open()).collect(Collectors.toList());
        for (int i = 0; i < 200; i++) {
            String session = sessions.get(i % 100);
            started.add(new String[] {session, alice.execute(session, "SELECT " + i + " + 1"), "" + (i + 1)});
        }

        for (String[] one : started) {
            assertThat(alice.end(one[0], one[1]).state()).isEqualTo("FINISHED_STATE");
            assertThat(TestClient.strings(alice.fetch(one[0], one[1], TFetchOrientation.FETCH_NEXT, 0)))
                    .containsExactly(one[2]);
        }
        assertThat(service.statements()).isZero();
        assertThat(service.sessions()).isEqualTo(100);
    }

    @Test
    void runsAShortStatementBesideALongOneOfTheSameSession() {
        String session = alice.open();
        String longOne = alice.execute(session, FOREVER);
        alice.running(session, longOne);

        assertThat(alice.rows(session, "SHOW TABLES IN default LIKE 'nothing'")).isEmpty();
        assertThat(service.statements()).isEqualTo(1);
        alice.closeStatement(session, longOne);
    }

    @Test
    void cancelsWhileAPollIsOutstanding() throws Exception {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        CompletableFuture<TestClient.Status> poll = alice.poll(session, statement, Duration.ofSeconds(50));
        long start = System.nanoTime();

        alice.cancel(session, statement);

        TestClient.Status end = TestClient.get(poll);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(end.state()).isEqualTo("CANCELED_STATE");
        assertThat(end.answer.getSqlState()).isEqualTo("HY008");
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void cancelsStatementsThatAreStillBeingPlannedOrHaveJustBegun() throws Exception {
        String session = alice.open();
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String statement = alice.execute(session, FOREVER);
            alice.cancel(session, statement);
            statements.add(statement);
        }

        for (String statement : statements) {
            assertThat(alice.end(session, statement).state()).isEqualTo("CANCELED_STATE");
        }
        assertThat(jobsEnd()).isTrue();
        assertThat(alice.rows(session, "SELECT 1")).containsExactly("1");
    }

    @Test
    void cancelsJobsThatStartWhenTheServiceWaitsForThemNoLonger() throws Exception {
        Gate.close();
        alice.execute(alice.open(), Gate.WAIT_STUBBORNLY_BEFORE_AN_ENDLESS_JOB);
        Gate.awaitVisitor();

        service.close();
        Gate.open();

        assertThat(service.awaitQuiet(Duration.ofSeconds(20))).isTrue();
        assertThat(jobsEnd()).isTrue();
        assertThat(spark.sql("SELECT id FROM range(3)").count()).isEqualTo(3);
    }

    @Test
    void leavesAnEndedStatementAsItIsWhenItIsCancelled() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT 1");
        alice.end(session, statement);

        alice.cancel(session, statement);

        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
    }

    @Test
    void timesOut() throws Exception {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER, Collections.emptyMap(), 1);

        TestClient.Status end = alice.end(session, statement);

        assertThat(end.state()).isEqualTo("TIMEDOUT_STATE");
        assertThat(end.answer.getSqlState()).isEqualTo("HYT00");
        assertThat(end.answer.getErrorMessage()).isEqualTo("The statement did not finish within 1 second");
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void endsTheStatementsOfASessionThatIsClosed() throws Exception {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        CompletableFuture<TestClient.Status> poll = alice.poll(session, statement, Duration.ofSeconds(50));

        alice.close(session);

        TestClient.Status end = TestClient.get(poll);
        assertThat(end.state()).isEqualTo("ERROR_STATE");
        assertThat(end.answer.getSqlState()).isEqualTo("08S01");
        assertThat(end.answer.getErrorMessage()).startsWith("The session was closed before the statement had ended");
        assertThat(service.sessions()).isZero();
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void callsAStatementThatIsClosedWhileItRunsCancelled() throws Exception {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        CompletableFuture<TestClient.Status> poll = alice.poll(session, statement, Duration.ofSeconds(50));

        alice.closeStatement(session, statement);

        assertThat(TestClient.get(poll).state()).isEqualTo("CANCELED_STATE");
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void failsWhatRunsWhenTheEngineEndsAndTakesNothingNew() throws Exception {
        String session = alice.open();
        String done = alice.execute(session, "SELECT 1");
        alice.end(session, done);
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        CompletableFuture<TestClient.Status> poll = alice.poll(session, statement, Duration.ofSeconds(50));

        service.end();

        assertThat(TestClient.get(poll).state()).isEqualTo("ERROR_STATE");
        TestClient.Status later = alice.end(session, statement);
        assertThat(later.state()).isEqualTo("ERROR_STATE");
        assertThat(later.answer.getSqlState()).isEqualTo("08S01");
        assertThat(later.answer.getErrorMessage()).startsWith("The engine has ended before the statement");
        assertThat(TestClient.strings(alice.fetch(session, done, TFetchOrientation.FETCH_NEXT, 0)))
                .containsExactly("1");
        assertThatThrownBy(() -> alice.execute(session, "SELECT 1"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_SESSION));
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void runsUntilAllRowsAreThereAndCanBeCancelledTillThen() throws Exception {
        String session = alice.open(Collections.singletonMap("torii.session.fetch-size", "10"));
        String statement = alice.execute(session, Gate.FIRST_PAGE_AND_NO_MORE);
        while (results.memoryBytes() == 0) {
            TestClient.get(alice.poll(session, statement, Duration.ofMillis(20)));
        }

        assertThat(alice.running(session, statement).state()).isEqualTo("RUNNING_STATE");
        alice.cancel(session, statement);

        assertThat(alice.end(session, statement).state()).isEqualTo("CANCELED_STATE");
        assertThat(jobsEnd()).isTrue();
        service.close();
        assertThat(service.awaitQuiet(Duration.ofSeconds(20))).isTrue();
        assertThat(results.memoryBytes()).isZero();
    }

    @Test
    void aSessionsEndEndsRowsThatAreStillToCome() throws Exception {
        String session = alice.open(early());
        String statement = alice.execute(session, Gate.MANY_ROWS_AND_NO_MORE);
        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");

        alice.close(session);

        assertThat(jobsEnd()).isTrue();
        assertThat(results.memoryBytes()).isZero();
    }

    private static Map<String, String> early() {
        Map<String, String> settings = new HashMap<>();
        settings.put("torii.session.fetch-size", "1000");
        settings.put("torii.session.early-pages", "true");
        return settings;
    }

    @Test
    void givesTheRowsThatItHoldsBackOneByOneWhileNoOthersCome() throws Exception {
        String session = alice.open(early());
        String statement = alice.execute(session, Gate.MANY_ROWS_AND_NO_MORE);

        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
        List<Integer> pages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pages.add(TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0))
                    .size());
        }

        assertThat(pages).containsExactly(1_000, 500, 1, 1);
        alice.cancel(session, statement);
        assertThat(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0)
                        .getStatus()
                        .getSqlState())
                .isEqualTo("HY008");
        assertThat(jobsEnd()).isTrue();
        alice.closeStatement(session, statement);
        assertThat(results.memoryBytes()).isZero();
    }

    @Test
    void aTimeOutCountsUntilAllRowsAreThere() throws Exception {
        String session = alice.open(early());
        String statement = alice.execute(session, Gate.MANY_ROWS_AND_NO_MORE, Collections.emptyMap(), 3);

        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
        assertThat(jobsEnd()).isTrue();

        assertThat(alice.fetch(session, statement, TFetchOrientation.FETCH_FIRST, 0)
                        .getStatus()
                        .getErrorMessage())
                .contains("3 s");
    }

    @Test
    void timesOutWhileRowsAreMissing() throws Exception {
        String session = alice.open(Collections.singletonMap("torii.session.fetch-size", "10"));
        String statement = alice.execute(session, Gate.MANY_ROWS_AND_NO_MORE, Collections.emptyMap(), 3);

        assertThat(alice.end(session, statement).state()).isEqualTo("TIMEDOUT_STATE");
        assertThat(jobsEnd()).isTrue();
    }

    @Test
    void opensSessionsAndAnswersQuestionsWhileEveryThreadForStatementsIsBusy() {
        String busy = alice.open();
        Gate.close();
        try {
            for (int i = 0; i < 256; i++) {
                alice.execute(busy, Gate.WAIT_WHILE_PLANNING);
            }

            String session = bob.open();
            String question = UUID.randomUUID().toString();
            bob.ask("GetTypeInfo", session, question, new TGetTypeInfoReq(new TSessionHandle(TestClient.noHandle())));

            assertThat(bob.end(session, question).state()).isEqualTo("FINISHED_STATE");
        } finally {
            Gate.open();
        }
    }

    @Test
    void answersAPollAfterItsWaitWhenNothingChanges() {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);

        TestClient.Status status = TestClient.get(alice.poll(session, statement, Duration.ofMillis(30)));

        assertThat(status.state()).isEqualTo("RUNNING_STATE");
        assertThat(status.answer.getProgressUpdateResponse().getHeaderNames()).hasSize(9);
        alice.closeStatement(session, statement);
    }

    @Test
    void refusesToFetchWhatIsNotThere() {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);

        TStatus running =
                alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0).getStatus();
        alice.cancel(session, statement);
        TStatus cancelled =
                alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 0).getStatus();

        assertThat(running.getSqlState()).isEqualTo("HY010");
        assertThat(cancelled.getSqlState()).isEqualTo("HY008");
        assertThat(cancelled.getErrorMessage()).isEqualTo("The statement was cancelled");
    }

    @Test
    void tellsInTheLogWhatHappens() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT id % 3, count(*)\nFROM range(1000) GROUP BY 1");
        alice.end(session, statement);

        List<String> log = alice.log(session, statement);

        assertThat(log).anySatisfy(line -> assertThat(line)
                .endsWith("INFO Started: SELECT id % 3, count(*) FROM range(1000) GROUP BY 1"));
        assertThat(log).anySatisfy(line -> assertThat(line).matches(".*INFO Finished after \\d+ ms"));
        assertThat(TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_NEXT, 1)))
                .as("lines that have been read")
                .isEmpty();
    }

    @Test
    void tellsInTheLogHowFarStagesAre() throws Exception {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT id % 3, count(*) FROM range(1000) GROUP BY 1");
        alice.end(session, statement);

        TestSpark.listenersAreUpToDate();

        assertThat(alice.log(session, statement))
                .anySatisfy(line -> assertThat(line).matches(".*INFO.*Launching Job [0-9]+ out of [0-9]+"))
                .anySatisfy(line -> assertThat(line).matches(".*INFO.*Stage-[0-9]+.*map = 100%.*reduce = 100%.*"));
    }

    @Test
    void givesLogsToOldClientsInRows() {
        TestClient old = client("alice", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V5);
        String session = old.open();
        String statement = old.execute(session, "SHOW DATABASES");
        old.end(session, statement);

        assertThat(old.fetch(session, statement, TFetchOrientation.FETCH_FIRST, 1)
                        .getResults()
                        .isSetColumns())
                .isFalse();
        assertThat(old.log(session, statement)).isNotEmpty();
    }

    @Test
    void answersQuestionsAboutCatalogs() {
        String session = alice.open();
        String statement = UUID.randomUUID().toString();

        alice.ask("GetTypeInfo", session, statement, new TGetTypeInfoReq(new TSessionHandle(TestClient.noHandle())));

        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");
        assertThat(alice.schema(session, statement).getSchema().getColumns()).isNotEmpty();
    }

    @Test
    void hasNoOtherMethods() {
        assertThatThrownBy(() -> alice.ask(
                        "DropEverything",
                        alice.open(),
                        null,
                        new TGetTypeInfoReq(new TSessionHandle(TestClient.noHandle()))))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NOT_FOUND));
    }

    private boolean jobsEnd() throws Exception {
        return TestSpark.jobsEnd(Duration.ofSeconds(20));
    }
}
