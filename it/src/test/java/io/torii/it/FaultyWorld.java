package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;

/** What tests of faults ask of a gateway before, while and after something is wrong. */
final class FaultyWorld {
    static final Duration RECOVERY = Duration.ofSeconds(90);

    private static final TProtocolVersion VERSION = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10;

    private final World world;

    FaultyWorld(World world) {
        this.world = world;
    }

    /** How the gateway answers to who wants a session. */
    TStatus opening(String user) throws Exception {
        try (RawClient client = RawClient.connect(world.thriftPort(), user, "x")) {
            return client.service().OpenSession(new TOpenSessionReq(VERSION)).getStatus();
        }
    }

    /** Nobody has done anything: new sessions work, and the gateway says that it is ready. */
    void hasRecovered(String user) {
        Eventually.holds(RECOVERY, () -> {
            try (RawClient client = RawClient.connect(world.thriftPort(), user, "x")) {
                TSessionHandle session = client.open(VERSION, Map.of());
                assertThat(longs(client, finished(client, client.execute(session, "SELECT 42L"))))
                        .containsExactly(42L);
            }
            assertThat(ready()).isEqualTo(200);
        });
    }

    int ready() throws IOException, InterruptedException {
        HttpRequest ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + world.adminPort() + "/health/ready"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient()
                .send(ask, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    static TSessionHandle open(RawClient client) throws Exception {
        return client.open(VERSION, Map.of());
    }

    static TOperationHandle finished(RawClient client, TOperationHandle statement) throws Exception {
        TGetOperationStatusResp end = client.end(statement);
        assertThat(end.getOperationState())
                .as("%s %s", end.getErrorMessage(), end.getStatus())
                .isEqualTo(TOperationState.FINISHED_STATE);
        return statement;
    }

    static List<Long> longs(RawClient client, TOperationHandle statement) throws Exception {
        TFetchResultsResp page = client.fetch(statement, 100);
        assertThat(page.getStatus().getStatusCode())
                .as(page.getStatus().getErrorMessage())
                .isEqualTo(TStatusCode.SUCCESS_STATUS);
        return page.getResults().getColumns().get(0).getI64Val().getValues();
    }

    /** Something that is to take no longer than a person waits. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws Exception;
    }

    static <T> T soon(Duration limit, Step<T> step) throws Exception {
        long begin = System.nanoTime();
        T result = step.take();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
        return result;
    }

    static void pass(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }
}
