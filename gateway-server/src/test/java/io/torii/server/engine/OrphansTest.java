package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.FakeCluster;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.ShareLevel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final FakeCluster cluster = new FakeCluster();
    private final FakeEngineRegistry registry = cluster.registry();
    private final Map<String, ClusterBackend> clusters = Map.of("fake", cluster, "far", new UnreachableCluster());
    private final AtomicBoolean onDuty = new AtomicBoolean(true);
    private final Orphans orphans = new Orphans(registry, clusters, () -> completedFuture(onDuty.get()));
    private final EngineLaunch launch = launch();

    @Test
    void killsWhatNoGatewayKnowsAtTheSecondLook() {
        cluster.submit(launch);

        orphans.tick().join();
        long afterTheFirst = cluster.liveApplications();
        orphans.tick().join();

        assertThat(afterTheFirst).isEqualTo(1);
        assertThat(cluster.liveApplications()).isZero();
    }

    @Test
    void leavesWhatIsBeingLaunched() {
        registry.tryLease(launch, LIMIT);
        cluster.submit(launch);

        orphans.tick().join();
        orphans.tick().join();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    @Test
    void leavesWhatHasRegistered() {
        registry.tryLease(launch, LIMIT);
        cluster.submit(launch);
        cluster.enginesCallHome();

        orphans.tick().join();
        orphans.tick().join();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    @Test
    void leavesItToTheGatewayThatIsOnDuty() {
        onDuty.set(false);
        cluster.submit(launch);

        orphans.tick().join();
        orphans.tick().join();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    @Test
    void whoComesOnDutyLooksTwiceToo() {
        cluster.submit(launch);
        orphans.tick().join();
        onDuty.set(false);
        orphans.tick().join();
        onDuty.set(true);

        orphans.tick().join();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    private static EngineLaunch launch() {
        EngineKey key = new EngineKey("fake", "spark", ShareLevel.USER, "alice", "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, "alice", Map.of()));
    }
}
