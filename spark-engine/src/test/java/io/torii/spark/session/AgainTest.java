package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.wire.WireProtocol;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TGetTypeInfoReq;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client sends a statement again, to another gateway, since the first has died with the answer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AgainTest extends EngineTest {
    /** Another result for each run. */
    private static final String SQL = "SELECT reflect('java.util.UUID', 'randomUUID')";

    private TestClient dead;
    private TestClient alive;
    private String session;

    @BeforeEach
    void open() {
        dead = through("dead");
        alive = through("alive");
        session = dead.open();
    }

    @Test
    void isTheStatementThatRunsAlreadyWhereNobodyKnowsThatItsHandleArrived() {
        String first = dead.execute(session, SQL);
        dead.end(session, first); // on behalf of a client that waits for the end

        String second = alive.execute(session, SQL);

        assertThat(alive.end(session, second).state()).isEqualTo("FINISHED_STATE");
        assertThat(result(second)).isEqualTo(result(first));
        assertThat(service.statements()).isZero();
    }

    @Test
    void isThatStatementAlsoIfTheNewHandleHasArrivedBeforeTheEngineHearsOfIt() {
        String first = dead.execute(session, SQL);
        TestClient hasAnswered = new TestClient(
                call -> service.handler()
                        .handle(call.with(WireProtocol.GATEWAY, "one that lives")
                                .with(WireProtocol.HANDLE, WireProtocol.HANDLE_ARRIVED))
                        .toCompletableFuture(),
                "alice",
                TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);

        String second = hasAnswered.execute(session, SQL);

        assertThat(hasAnswered.end(session, second).state()).isEqualTo("FINISHED_STATE");
        assertThat(result(second)).isEqualTo(result(first));
        assertThat(ofAnotherRun(first)).isTrue(); // that handle has arrived, so the next is meant
    }

    @Test
    void isTheStatementThatHasFailed() {
        String first = dead.execute(session, "SELECT no_such_column");
        TestClient.Status failed = dead.end(session, first);

        TestClient.Status again = alive.run(session, "SELECT no_such_column");

        assertThat(again.message()).isEqualTo(failed.message());
        assertThat(again.answer.getOperationCompleted()).isEqualTo(failed.answer.getOperationCompleted());
    }

    @Test
    void runsTwiceOnceTheGatewayHasSaidThatTheHandleArrived() {
        String first = dead.execute(session, SQL);
        dead.ask("HandleDelivered", session, first, new TGetTypeInfoReq(new TSessionHandle(TestClient.noHandle())));

        assertThat(ofAnotherRun(first)).isTrue();
    }

    @Test
    void runsTwiceOnceTheClientHasAskedForTheStateElsewhere() {
        String first = dead.execute(session, SQL);
        alive.end(session, first);

        assertThat(ofAnotherRun(first)).isTrue();
    }

    @Test
    void runsTwiceOnceTheClientHasAskedForTheResult() {
        String first = dead.execute(session, SQL);
        dead.end(session, first);
        dead.schema(session, first);

        assertThat(ofAnotherRun(first)).isTrue();
    }

    @Test
    void runsTwiceByWayOfTheGatewayThatKnowsWhatItHasAnswered() {
        String first = dead.execute(session, SQL);
        String second = dead.execute(session, SQL);
        dead.end(session, first);
        dead.end(session, second);

        assertThat(result(second)).isNotEqualTo(result(first));
    }

    @Test
    void isAnotherStatementWithOtherSettings() {
        String first = dead.execute(session, SQL);
        Map<String, String> overlay = Collections.singletonMap("spark.sql.shuffle.partitions", "3");
        String second = alive.execute(session, SQL, overlay, 0);
        alive.end(session, first);
        alive.end(session, second);

        assertThat(result(second)).isNotEqualTo(result(first));
    }

    @Test
    void isAnsweredOnceMoreIfTheSecondGatewayDiesToo() {
        String first = dead.execute(session, SQL);
        String second = alive.execute(session, SQL);
        String third = through("third").execute(session, SQL);
        alive.end(session, third);

        assertThat(result(third)).isEqualTo(result(first)).isEqualTo(result(second));
    }

    @Test
    void eachOfTwoTriesIsAnotherOfTwoStatements() {
        String one = dead.execute(session, SQL);
        String two = dead.execute(session, SQL);
        String oneAgain = alive.execute(session, SQL);
        String twoAgain = alive.execute(session, SQL);
        alive.end(session, oneAgain);
        alive.end(session, twoAgain);

        assertThat(result(oneAgain)).isNotEqualTo(result(twoAgain));
        assertThat(new String[] {result(oneAgain), result(twoAgain)})
                .containsExactlyInAnyOrder(result(one), result(two));
    }

    @Test
    void goesWithEachOfItsNamesOnceItIsClosed() {
        String first = dead.execute(session, SQL);
        String second = alive.execute(session, SQL);
        alive.closeStatement(session, second);

        assertThatThrownBy(() -> alive.end(session, first)).hasMessageContaining("no statement");
        alive.executeAs(session, second, SQL, Collections.emptyMap(), 0);
        assertThatThrownBy(() -> alive.end(session, second)).hasMessageContaining("no statement");
    }

    private boolean ofAnotherRun(String first) {
        String second = alive.execute(session, SQL);
        alive.end(session, second);
        alive.end(session, first);
        return !result(second).equals(result(first));
    }

    private String result(String statement) {
        return TestClient.strings(alice.fetch(session, statement, TFetchOrientation.FETCH_FIRST, 0))
                .get(0);
    }

    private TestClient through(String gateway) {
        String name = gateway + UUID.randomUUID();
        return new TestClient(
                call -> service.handler()
                        .handle(call.with(WireProtocol.GATEWAY, name))
                        .toCompletableFuture(),
                "alice",
                TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
    }
}
