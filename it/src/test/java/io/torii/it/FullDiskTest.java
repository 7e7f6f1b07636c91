package io.torii.it;

import static io.torii.it.FaultyWorld.finished;
import static io.torii.it.FaultyWorld.longs;
import static io.torii.it.FaultyWorld.open;
import static io.torii.it.FaultyWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A work directory on a disk of its own that gets full, with the store, the log, the audit log and engines' scratch on it. */
@Tag("system")
class FullDiskTest {
    private static final Duration BOUND = Duration.ofSeconds(45);
    private static final String SIZE = "700m";

    @TempDir
    Path directory;

    private World world;
    private FaultyWorld faulty;
    private boolean mounted;

    @BeforeEach
    void start() throws Exception {
        Path work = Files.createDirectories(directory.resolve("work"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", work.toString());
        if (!mounted) {
            System.out.println("FullDiskTest is skipped: it may not mount a small disk");
        }
        Assumptions.assumeTrue(mounted, "may not mount a small disk");
        world = World.start(
                directory,
                """
                engine:
                  result-memory: 4MB
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """,
                Map.of("TORII_LOG_DIR", work.resolve("logs").toString()));
        faulty = new FaultyWorld(world);
        faulty.hasRecovered("worker");
    }

    @AfterEach
    void end() throws Exception {
        if (world != null) {
            world.close();
        }
        if (mounted) {
            // whatever the gateway has started last may still end
            assertThat(run("umount", "--lazy", directory.resolve("work").toString()))
                    .isTrue();
        }
    }

    @Test
    void whatRunsGoesOnAndAllIsWellOnceThereIsRoom() throws Exception {
        try (RawClient client = RawClient.connect(world.thriftPort(), "worker", "x")) {
            TSessionHandle session = open(client);
            finished(client, client.execute(session, "SET spark.sql.session.timeZone=Asia/Tokyo"));
            TOperationHandle rows = finished(client, client.execute(session, "SELECT id FROM range(0, 200, 1, 1)"));
            Set<Long> engines = engines();

            Path filler = fill();
            assertThat(soon(BOUND, () -> longs(client, rows))).hasSize(100);
            assertThat(soon(BOUND, () -> longs(client, finished(client, client.execute(session, "SELECT 2L")))))
                    .containsExactly(2L);
            for (int i = 0; i < 20; i++) {
                assertOpenedOrRefused(soon(BOUND, () -> faulty.opening("newcomer")));
            }
            assertTooLarge(client, client.execute(session, "SELECT id, repeat('x', 1000) FROM range(0, 300000, 1, 2)"));
            assertThat(soon(BOUND, () -> longs(client, finished(client, client.execute(session, "SELECT 3L")))))
                    .containsExactly(3L);
            Files.delete(filler);

            faulty.hasRecovered("worker");
            TOperationHandle large = client.execute(session, "SELECT id, repeat('x', 1000) FROM range(0, 50000, 1, 2)");
            finished(client, large);
            assertThat(longs(client, large)).hasSize(100);
            client.close(large);
            assertThat(engines()).isEqualTo(engines);

            world.killGateway();
            world.restartGateway();
            try (RawClient again = RawClient.connect(world.thriftPort(), "worker", "x")) {
                TOperationHandle zone =
                        finished(again, again.execute(session, "SELECT length(current_timezone()) + 0L"));
                assertThat(longs(again, zone)).containsExactly((long) "Asia/Tokyo".length());
            }
        }
    }

    private static void assertOpenedOrRefused(TStatus status) {
        if (status.getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            assertThat(status.getSqlState()).isEqualTo("08004");
            assertThat(status.getErrorMessage())
                    .isEqualTo("The gateway's store does not answer; try again, or tell the administrator");
        }
    }

    private static void assertTooLarge(RawClient client, TOperationHandle statement) throws Exception {
        TGetOperationStatusResp end = client.end(statement);
        String state = end.getSqlState();
        String message = end.getErrorMessage();
        if (end.getOperationState() == TOperationState.FINISHED_STATE) { // its first rows were there in time
            TFetchResultsResp page = client.fetch(statement, TFetchOrientation.FETCH_NEXT, 10_000);
            while (page.getStatus().getStatusCode() == TStatusCode.SUCCESS_STATUS) {
                assertThat(page.getResults().getColumns().get(0).getI64Val().getValues())
                        .as("a result that ends as if it were whole")
                        .isNotEmpty();
                page = client.fetch(statement, TFetchOrientation.FETCH_NEXT, 10_000);
            }
            state = page.getStatus().getSqlState();
            message = page.getStatus().getErrorMessage();
        }
        assertThat(state).as(message).isEqualTo("53100");
        assertThat(message).contains("No space left on device").contains("/work/clusters/local/engines/torii-");
        assertThat(message.lines()).hasSize(1);
        client.close(statement);
    }

    /** Leaves not a byte. */
    private Path fill() throws IOException {
        Path filler = directory.resolve("work/filler");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }

    private Set<Long> engines() {
        return world.engines().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
