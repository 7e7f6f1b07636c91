package io.torii.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.admin.GatewayStatus;
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
                problems);
    }
}
