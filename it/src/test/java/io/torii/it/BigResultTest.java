package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsReq;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A result larger than its engine's heap passes a small gateway, however slowly it is read and by whom besides. */
@Tag("system")
@EnabledOnOs(OS.LINUX)
class BigResultTest {
    private static final int ROWS = 1_080_000;
    private static final int WIDTH = 1_000;
    private static final int PAGE = 2_000;
    private static final int LARGE_PAGE = 10_000; // as much as a page holds: 4 MiB
    private static final int UNREAD = 8;
    private static final long GATEWAY_KIB = 500 << 10; // the heap, and as much for buffers and the JVM itself

    @TempDir
    static Path directory;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """,
                Map.of("TORII_JAVA_OPTS", "-Xmx256m"));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void aResultLargerThanTheEnginesHeapPassesASmallGatewayBesideClientsThatDoNotRead() throws Exception {
        List<Unread> slow = new ArrayList<>();
        try (RawClient fast = RawClient.connect(world.thriftPort(), "big", "x")) {
            for (int client = 0; client < UNREAD; client++) {
                slow.add(Unread.ask(RawClient.connect(world.thriftPort(), "big", "x")));
            }

            assertThat(readAll(fast, run(fast, ROWS)))
                    .isEqualTo((long) ROWS * WIDTH)
                    .isGreaterThan(1L << 30);

            for (Unread client : slow) {
                client.goOn();
            }
            assertThat(peakKib(world.gateway())).isLessThan(GATEWAY_KIB);
        } finally {
            slow.forEach(client -> client.connection().close());
        }
    }

    /** A client that has asked for a page and does not read it. */
    private record Unread(RawClient connection, TOperationHandle operation) {
        static Unread ask(RawClient connection) throws Exception {
            TOperationHandle operation = run(connection, 2 * LARGE_PAGE);
            connection.service().send_FetchResults(next(operation));
            return new Unread(connection, operation);
        }

        private static TFetchResultsReq next(TOperationHandle operation) {
            return new TFetchResultsReq(operation, TFetchOrientation.FETCH_NEXT, LARGE_PAGE);
        }

        void goOn() throws Exception {
            List<TColumn> page = columns(connection.service().recv_FetchResults());
            assertThat(firstId(page)).isZero();
            assertThat(rows(page)).isGreaterThan(1);
            assertThat(firstId(fetch(connection, operation))).isEqualTo(rows(page));
        }
    }

    private static TOperationHandle run(RawClient client, int rows) throws Exception {
        TSessionHandle session = client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of());
        TOperationHandle operation = client.execute(
                session,
                "SELECT id, repeat(substr(md5(CAST(id AS STRING)), 1, 10), " + WIDTH / 10 + ") AS wide FROM range(0, "
                        + rows + ", 1, 16)");
        assertThat(client.end(operation).getOperationState()).isEqualTo(TOperationState.FINISHED_STATE);
        return operation;
    }

    /** Reads to the end and returns the length of all texts. */
    private static long readAll(RawClient client, TOperationHandle operation) throws Exception {
        long rows = 0;
        long bytes = 0;
        for (List<TColumn> page = fetch(client, operation); rows(page) > 0; page = fetch(client, operation)) {
            assertThat(firstId(page)).isEqualTo(rows);
            rows += rows(page);
            for (String text : page.get(1).getStringVal().getValues()) {
                bytes += text.length();
            }
        }
        return bytes;
    }

    private static List<TColumn> fetch(RawClient client, TOperationHandle operation) throws Exception {
        return columns(client.fetch(operation, PAGE));
    }

    private static int rows(List<TColumn> page) {
        return page.get(0).getI64Val().getValuesSize();
    }

    private static long firstId(List<TColumn> page) {
        return page.get(0).getI64Val().getValues().get(0);
    }

    private static List<TColumn> columns(TFetchResultsResp page) {
        assertThat(page.getStatus().getStatusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
        return page.getResults().getColumns();
    }

    /** The most memory that the process ever had. */
    private static long peakKib(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
