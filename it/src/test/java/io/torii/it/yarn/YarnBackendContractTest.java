package io.torii.it.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterBackendContract;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.QueueSnapshot;
import io.torii.api.cluster.Resources;
import io.torii.api.engine.EngineLaunch;
import io.torii.engine.yarn.YarnBackend;
import io.torii.it.Eventually;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every cluster promises, kept by a real YARN with real engines. */
@Tag("system")
class YarnBackendContractTest extends ClusterBackendContract {
    private static TestCluster cluster;
    private static YarnBackend backend;

    @BeforeAll
    static void start() throws IOException {
        cluster = new TestCluster(MiniHadoopShape.small());
        backend = cluster.backend();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected ClusterBackend backend() {
        return backend;
    }

    @Override
    protected ClusterBackend anotherBackend() {
        return cluster.backend();
    }

    @Override
    protected EngineLaunch lasting() {
        return TestCluster.launch("alice", Map.of());
    }

    @Override
    protected Optional<EngineLaunch> failing() {
        return Optional.of(TestCluster.launch("alice", Map.of("torii.engine.idle-timeout", "a while")));
    }

    @Override
    protected String causeOfFailure() {
        return "Launch option idle-timeout: a while (expected: a duration such as PT30M)";
    }

    @Test
    void tellsWhatItsQueuesHaveLeft() {
        EngineLaunch launch = lasting();
        backend.submit(launch).join();

        Eventually.holds(Duration.ofSeconds(60), () -> {
            ClusterSnapshot load = backend.load().join();
            assertThat(load.healthy()).as(load.reason()).isTrue();
            assertThat(load.total()).isEqualTo(new Resources(6144L << 20, 16));
            assertThat(load.used().memory()).isBetween(512L << 20, 6144L << 20);
            QueueSnapshot queue = load.queues().stream()
                    .filter(one -> one.name().equals("root.default"))
                    .findFirst()
                    .orElseThrow();
            assertThat(queue.open()).isTrue();
            assertThat(queue.share()).isEqualTo(0.7);
            assertThat(queue.used()).isEqualTo(load.used());
            assertThat(queue.headRoom()).isEqualTo(load.free());
            // drivers may have 80 % of the queue's most
            assertThat(queue.driverHeadRoom().memory())
                    .isLessThan((long) (0.8 * (6144L << 20)))
                    .isPositive();
            assertThat(queue.running()).isPositive();
        });
        backend.kill(launch.tag()).join();
    }
}
