package io.torii.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.QueueSnapshot;
import io.torii.api.cluster.Resources;
import io.torii.server.admin.GatewayStatus;
import io.torii.server.admin.GatewayStatus.ClusterLine;
import io.torii.server.admin.GatewayStatus.EngineLine;
import io.torii.server.admin.GatewayStatus.Memory;
import io.torii.server.admin.GatewayStatus.SessionLine;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final SessionLine SESSION =
            new SessionLine("5e55", "alice", "10.0.0.1", "thrift-binary", 0, 110_000, "torii-1");

    @Test
    void saysWhatThereIsInLinesForPeople() {
        assertThat(StatusText.of(status(List.of(SESSION), List.of("The store is away")), Instant.ofEpochMilli(120_000)))
                .containsExactly(
                        "Not ready, up for 1m",
                        "  The store is away",
                        "Memory: heap 100 of 1024 MiB, direct 8 of 512 MiB; 42 threads",
                        "Connections: 3 thrift-binary",
                        "Statements: 1 waiting, 2 running, 4 ended but not closed",
                        "Clusters: 2",
                        "  local  1024 of 4096 MiB  2 of 8 cores  1 engines of ours  1 applications run, 1 wait for 512 MiB"
                                + "  0 unhealthy nodes  as of 2s ago",
                        "    root.etl  1024 of 2048 MiB  2 of 4 cores  room for drivers: 0 MiB  1 run, 1 wait",
                        "  yarn  gets no work: the ResourceManager does not answer",
                        "Engines: 1",
                        "  local/spark/user/alice/-/default/-  127.0.0.1:4000  up 30s  1 sessions  Spark 3.5.5  application"
                                + " 4242  torii-1",
                        "Sessions: 5 over all gateways, 1 known here",
                        "  5e55  alice  10.0.0.1  thrift-binary  open 2m  used 10s ago  torii-1");
    }

    @Test
    void showsTheFirstOfManySessions() {
        List<String> lines = StatusText.of(status(Collections.nCopies(25, SESSION), List.of()), Instant.EPOCH);

        assertThat(lines).filteredOn(line -> line.contains("5e55")).hasSize(20);
        assertThat(lines).last().isEqualTo("  and others; --json shows up to 1,000");
    }

    private static GatewayStatus status(List<SessionLine> sessions, List<String> problems) {
        return new GatewayStatus(
                1,
                "Torii",
                60_000,
                problems.isEmpty(),
                Map.of("thrift", 10_009),
                new Memory(100L << 20, 1L << 30, 8L << 20, 512L << 20),
                42,
                Map.of("thrift-binary", 3),
                Map.of("waiting", 1L, "running", 2L, "ended", 4L),
                5,
                sessions.size(),
                sessions,
                List.of(new EngineLine(
                        "torii-1",
                        "local/spark/user/alice/-/default/-",
                        "127.0.0.1",
                        4_000,
                        "4242",
                        "Spark 3.5.5",
                        90_000,
                        1)),
                List.of(
                        cluster("local", "", List.of(queue("root.etl", 1, 1), queue("root.idle", 0, 0))),
                        cluster("yarn", "the ResourceManager does not answer", List.of())),
                problems);
    }

    private static ClusterLine cluster(String name, String reason, List<QueueSnapshot> queues) {
        return new ClusterLine(
                name,
                reason,
                new Resources(4L << 30, 8),
                new Resources(1L << 30, 2),
                new Resources(512L << 20, 1),
                1,
                1,
                1,
                0,
                queues,
                118_000);
    }

    private static QueueSnapshot queue(String name, int running, int pending) {
        Resources used = new Resources(1L << 30, 2);
        return new QueueSnapshot(
                name, true, 0.5, used, new Resources(2L << 30, 4), used, Resources.NONE, running, pending);
    }
}
