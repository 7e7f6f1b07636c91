package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.junit.jupiter.api.Test;

class FetchesTest extends EngineTest {
    @Test
    void aShortStatementsEndAndColumnsComeWithTheAnswerToItsSubmission() {
        String session = alice.open();

        WireReply reply = submit(session, UUID.randomUUID().toString(), "SELECT 1 AS one", 60_000);

        int[] parts = Arrays.stream(reply.header(WireProtocol.PARTS)
                        .orElseThrow(AssertionError::new)
                        .split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        byte[] status = Arrays.copyOfRange(reply.body(), parts[0], parts[0] + parts[1]);
        byte[] schema = Arrays.copyOfRange(reply.body(), parts[0] + parts[1], parts[0] + parts[1] + parts[2]);
        assertThat(ThriftCodec.decode(status, new TGetOperationStatusResp()).getOperationState())
                .isEqualTo(TOperationState.FINISHED_STATE);
        assertThat(ThriftCodec.decode(schema, new TGetResultSetMetadataResp())
                        .getSchema()
                        .getColumns()
                        .get(0)
                        .getColumnName())
                .isEqualTo("one");
    }

    @Test
    void whatAShortStatementDidToItsSessionComesToo() {
        String session = alice.open();

        WireReply reply = submit(session, UUID.randomUUID().toString(), "SET a.b=1", 60_000);

        assertThat(reply.headers()).containsKeys(WireProtocol.PARTS, WireProtocol.JOURNAL);
    }

    @Test
    void aLongStatementIsAcceptedOnceTheWaitIsOver() {
        String session = alice.open();
        String statement = UUID.randomUUID().toString();

        WireReply reply = submit(session, statement, "SELECT java_method('java.lang.Thread', 'sleep', 600000L)", 20);

        assertThat(reply.headers()).doesNotContainKey(WireProtocol.PARTS);
        alice.cancel(session, statement);
    }

    @Test
    void pagesAreReadAheadWithoutMovingTheCursorUntilTheyAreTaken() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT id FROM range(10)");
        alice.end(session, statement);
        WireReply first = fetch(session, statement, "a", TFetchOrientation.FETCH_NEXT);
        assertThat(first.headers())
                .containsEntry(WireProtocol.ROW, "0")
                .containsEntry(WireProtocol.ROWS, "4")
                .containsKey(WireProtocol.MORE);
        tell("PageDelivered", session, statement, "a", 0);

        assertThat(rows(readAhead(session, statement, 4))).containsExactly("4", "5", "6", "7");
        assertThat(rows(readAhead(session, statement, 4))).containsExactly("4", "5", "6", "7");
        tell("TakePage", session, statement, "a", 4);
        assertThatThrownBy(() -> tell("TakePage", session, statement, "a", 4)).satisfies(refused(412));
        tell("PageDelivered", session, statement, "a", 4);
        assertThatThrownBy(() -> tell("TakePage", session, statement, "a", 4)).satisfies(refused(414));
        assertThat(rows(fetch(session, statement, "a", TFetchOrientation.FETCH_NEXT)))
                .containsExactly("8", "9");
    }

    @Test
    void aPageOfWhichNobodyKnowsWhetherItArrivedIsNeitherRepeatedNorSkipped() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT id FROM range(10)");
        alice.end(session, statement);
        fetch(session, statement, "dead", TFetchOrientation.FETCH_NEXT);

        assertThatThrownBy(() -> fetch(session, statement, "alive", TFetchOrientation.FETCH_NEXT))
                .satisfies(refused(WireProtocol.PAGE_IN_DOUBT));
        assertThat(rows(fetch(session, statement, "alive", TFetchOrientation.FETCH_FIRST)))
                .containsExactly("0", "1", "2", "3");
        tell("PageDelivered", session, statement, "alive", 0);
        assertThat(rows(fetch(session, statement, "alive", TFetchOrientation.FETCH_NEXT)))
                .containsExactly("4", "5", "6", "7");
    }

    @Test
    void theEndOfAResultIsNeverInDoubt() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT 1");
        alice.end(session, statement);
        fetch(session, statement, "a", TFetchOrientation.FETCH_NEXT);
        tell("PageDelivered", session, statement, "a", 0);

        assertThat(rows(fetch(session, statement, "a", TFetchOrientation.FETCH_NEXT)))
                .isEmpty();
        assertThat(rows(fetch(session, statement, "b", TFetchOrientation.FETCH_NEXT)))
                .isEmpty();
    }

    private WireReply submit(String session, String statement, String sql, long waitMillis) {
        TExecuteStatementReq request = new TExecuteStatementReq(new TSessionHandle(TestClient.noHandle()), sql);
        request.setConfOverlay(Collections.emptyMap());
        return ask(WireCall.of("ExecuteStatement", ThriftCodec.encode(request))
                .with(WireProtocol.SESSION, session)
                .with(WireProtocol.STATEMENT, statement)
                .with(WireProtocol.WAIT_MILLIS, Long.toString(waitMillis)));
    }

    private WireReply fetch(String session, String statement, String gateway, TFetchOrientation orientation) {
        return ask(fetching(session, statement, orientation).with(WireProtocol.GATEWAY, gateway));
    }

    private WireReply readAhead(String session, String statement, long row) {
        return ask(
                fetching(session, statement, TFetchOrientation.FETCH_NEXT).with(WireProtocol.ROW, Long.toString(row)));
    }

    private static WireCall fetching(String session, String statement, TFetchOrientation orientation) {
        TOperationHandle handle = new TOperationHandle(TestClient.noHandle(), TOperationType.EXECUTE_STATEMENT, true);
        return WireCall.of("FetchResults", ThriftCodec.encode(new TFetchResultsReq(handle, orientation, 4)))
                .with(WireProtocol.SESSION, session)
                .with(WireProtocol.STATEMENT, statement);
    }

    private void tell(String method, String session, String statement, String gateway, long row) {
        WireCall call = WireCall.of(method, new byte[0])
                .with(WireProtocol.SESSION, session)
                .with(WireProtocol.STATEMENT, statement)
                .with(WireProtocol.GATEWAY, gateway);
        ask(call.with(WireProtocol.ROW, Long.toString(row)).with(WireProtocol.ROWS, "4"));
    }

    private WireReply ask(WireCall call) {
        return service.handler().handle(call).toCompletableFuture().join();
    }

    private static List<String> rows(WireReply page) {
        return TestClient.strings(ThriftCodec.decode(page.body(), new TFetchResultsResp()));
    }

    private static Consumer<Throwable> refused(int status) {
        return thrown -> {
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            assertThat(cause).isInstanceOf(WireException.class);
            assertThat(((WireException) cause).status()).isEqualTo(status);
        };
    }
}
