package io.torii.it;

import static io.torii.it.FaultyWorld.finished;
import static io.torii.it.FaultyWorld.longs;
import static io.torii.it.FaultyWorld.open;
import static io.torii.it.FaultyWorld.pass;
import static io.torii.it.FaultyWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.store.sql.DatabaseSettings;
import io.torii.server.store.sql.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ground gives way below a gateway, its store above all: what runs goes on, new work is refused with a reason, and once
 * the fault is over everything works again by itself. How long the store is away: {@code -Dtorii.it.outage=PT1M}.
 */
@Tag("system")
class FaultsTest {
    private static final Duration OUTAGE = Duration.parse(System.getProperty("torii.it.outage", "PT25S"));

    /** A poll is 0.8 s, and a store that does not answer costs another second. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String LONG = "SELECT sum(id % 7) FROM range(0, 3000000000, 1, 2)";

    @TempDir
    static Path directory;

    private static DatabaseSettings store;
    private static World world;
    private static FaultyWorld faulty;

    @BeforeAll
    static void start() throws Exception {
        store = PostgresServer.shared().newDatabase(8);
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
                Map.of(
                        "TORII_STORE_URL", store.url(),
                        "TORII_STORE_USER", store.user().orElseThrow(),
                        "TORII_STORE_PASSWORD", store.password().orElseThrow().value()));
        faulty = new FaultyWorld(world);
    }

    @BeforeEach
    void isWell() {
        faulty.hasRecovered("worker");
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    void theStoreIsStopped() throws Exception {
        survives(PostgresServer.shared()::stop, PostgresServer.shared()::start, true);
    }

    @Tag("long")
    @Test
    void theStoreHangs() throws Exception {
        survives(PostgresServer.shared()::freeze, PostgresServer.shared()::thaw, true);
    }

    @Tag("long")
    @Test
    void theStoreIsLocked() throws Exception {
        try (Connection other = DriverManager.getConnection(
                        store.url(),
                        store.user().orElseThrow(),
                        store.password().orElseThrow().value());
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            survives(
                    () -> lock.execute("LOCK TABLE session, statement, engine IN ACCESS EXCLUSIVE MODE"),
                    other::rollback,
                    false);
        }
    }

    @Test
    void theGatewayHasNoDescriptorsLeft() throws Exception {
        long pid = world.gateway().pid();
        List<Socket> crowd = new ArrayList<>();
        try (RawClient client = RawClient.connect(world.thriftPort(), "worker", "x")) {
            TSessionHandle session = open(client);
            finished(client, client.execute(session, "SELECT 1L"));
            String before = limit(pid, descriptors(pid) + 10 + ":");
            try {
                for (int i = 0; i < 40; i++) {
                    crowd.add(new Socket(InetAddress.getLoopbackAddress(), world.thriftPort()));
                    crowd.add(new Socket(InetAddress.getLoopbackAddress(), world.httpPort()));
                }
                Duration used = cpu(world.gateway());
                pass(Duration.ofSeconds(4));
                used = cpu(world.gateway()).minus(used);

                assertThat(used).as("processor time in 4 s").isLessThan(Duration.ofSeconds(2));
                assertThat(soon(SOON, () -> longs(client, finished(client, client.execute(session, "SELECT 7L")))))
                        .containsExactly(7L);
            } finally {
                for (Socket one : crowd) {
                    one.close();
                }
            }

            faulty.hasRecovered("worker");
            Eventually.holds(FaultyWorld.RECOVERY, () -> {
                try (RawClient http = RawClient.overHttp(world.httpPort(), "worker", "x")) {
                    assertThat(longs(http, finished(http, http.execute(open(http), "SELECT 8L"))))
                            .containsExactly(8L);
                }
            });
            limit(pid, before);
        }
    }

    /** @param isAway whether the gateway can tell that, and refuse at once what comes later */
    private void survives(Fault begin, Fault end, boolean isAway) throws Exception {
        long gateway = world.gateway().pid();
        try (RawClient client = RawClient.connect(world.thriftPort(), "worker", "x")) {
            TSessionHandle session = open(client);
            finished(client, client.execute(session, "SELECT 1L"));
            Set<Long> engines = engines();
            TOperationHandle rows = finished(client, client.execute(session, "SELECT id FROM range(0, 200, 1, 1)"));
            assertThat(longs(client, rows)).hasSize(100);
            TOperationHandle running = client.execute(session, LONG);

            begin.happens();
            long outage = System.nanoTime();
            try {
                TStatus refused = soon(BOUND, () -> faulty.opening("newcomer"));
                assertRefused(refused);
                assertThat(soon(SOON, () -> longs(client, rows)))
                        .isEqualTo(LongStream.range(100, 200).boxed().toList());
                finished(client, running);
                assertThat(soon(SOON, () -> longs(client, running))).hasSize(1);
                assertThat(soon(
                                SOON.multipliedBy(2),
                                () -> longs(client, finished(client, client.execute(session, "SELECT 2L")))))
                        .containsExactly(2L);
                assertThat(faulty.ready()).isEqualTo(503);
                // a connection that broke may have been the reason of the first refusal; who waits in vain finds out
                // for all
                assertRefused(soon(BOUND, () -> faulty.opening("newcomer")));
                assertRefused(soon(isAway ? SOON : BOUND, () -> faulty.opening("newcomer")));
                Duration passed = Duration.ofNanos(System.nanoTime() - outage);
                pass(passed.compareTo(OUTAGE) < 0 ? OUTAGE.minus(passed) : Duration.ZERO);
                assertThat(soon(
                                SOON.multipliedBy(2),
                                () -> longs(client, finished(client, client.execute(session, "SELECT 3L")))))
                        .containsExactly(3L);
            } finally {
                end.happens();
            }

            faulty.hasRecovered("worker");
            assertThat(longs(client, finished(client, client.execute(session, "SELECT 4L"))))
                    .containsExactly(4L);
            assertThat(engines()).isEqualTo(engines);
            assertThat(world.gateway().pid()).isEqualTo(gateway);
            assertThat(world.gateway().isAlive()).isTrue();
        }
    }

    private static void assertRefused(TStatus status) {
        assertThat(status.getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(status.getSqlState()).isEqualTo("08004");
        assertThat(status.getErrorMessage())
                .isEqualTo("The gateway's store does not answer; try again, or tell the administrator");
    }

    private static Set<Long> engines() {
        return world.engines().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private static long descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }

    /** Sets how many files the process may have open, and returns what it was before, as prlimit writes and takes it. */
    private static String limit(long pid, String files) throws Exception {
        String before = run("prlimit", "--pid", Long.toString(pid), "--nofile", "--noheadings", "--raw", "-o", "SOFT")
                .strip();
        run("prlimit", "--pid", Long.toString(pid), "--nofile=" + files);
        return before + ":";
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    /** What a test does to the ground. */
    @FunctionalInterface
    private interface Fault {
        void happens() throws Exception;
    }
}
