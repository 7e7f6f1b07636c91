package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.FakeCluster;
import io.torii.api.cluster.Resources;
import io.torii.server.store.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClusterLoadsTest {
    private static final ClusterSnapshot WELL =
            ClusterSnapshot.of("far", "", new Resources(100, 8), new Resources(50, 4), 2, Instant.EPOCH);

    private final MovableClock clock = new MovableClock();
    private final UnreachableCluster far = new UnreachableCluster();
    private final ClusterLoads loads =
            new ClusterLoads(Map.of("far", far, "fake", new FakeCluster()), clock, Duration.ofMillis(50));

    @Test
    void knowsOfNoClusterWhetherItIsWellBeforeItHasAnswered() {
        assertThat(loads.latest())
                .extracting(ClusterSnapshot::cluster, ClusterSnapshot::healthy, ClusterSnapshot::reason)
                .containsExactly(
                        tuple("fake", false, "it has not answered yet"),
                        tuple("far", false, "it has not answered yet"));
    }

    @Test
    void remembersWhatEachClusterSaidLast() {
        far.loadIs(completedFuture(WELL));

        assertThat(loads.tick()).isCompleted();

        assertThat(loads.latest()).hasSize(2).contains(WELL);
        assertThat(loads.latest()).allMatch(ClusterSnapshot::healthy);
    }

    @Test
    void aClusterThatCannotBeAskedIsNotHealthyAndHarmsNoOther() {
        assertThat(loads.tick()).isCompleted();

        assertThat(loads.latest().get(1))
                .isEqualTo(ClusterSnapshot.unhealthy("far", "it does not answer: No route to host", clock.instant()));
    }

    @Test
    void takesAnAnswerThatComesLateForNoNews() {
        CompletableFuture<ClusterSnapshot> late = new CompletableFuture<>();
        ClusterLoads patient = new ClusterLoads(Map.of("far", far), clock, Duration.ofMinutes(1));
        far.loadIs(late);
        CompletableFuture<Void> first = patient.tick();
        far.loadIs(completedFuture(WELL));
        assertThat(patient.tick()).isCompleted();

        late.complete(ClusterSnapshot.unhealthy("far", "it hangs", clock.instant()));

        assertThat(first).isCompleted();
        assertThat(patient.latest()).containsExactly(WELL);
    }

    @Test
    void waitsForNoClusterForEver() {
        far.loadIs(new CompletableFuture<>());

        assertThat(loads.tick()).succeedsWithin(Duration.ofSeconds(30));

        assertThat(loads.latest().get(1).healthy()).isFalse();
        assertThat(loads.latest().get(1).reason()).isEqualTo("it does not answer within 50 ms");
    }

    @Test
    void leavesAnAnswerToWhoElseWaitsForIt() {
        CompletableFuture<ClusterSnapshot> slow = new CompletableFuture<>();
        far.loadIs(slow);

        assertThat(loads.tick()).succeedsWithin(Duration.ofSeconds(30));

        assertThat(slow).isNotDone();
    }

    @Test
    void isHealthyAgainOnceItAnswersAgain() {
        loads.tick().join();
        far.loadIs(completedFuture(WELL));

        loads.tick().join();

        assertThat(loads.latest()).contains(WELL);
    }

    @Test
    void isNotHealthyOnceItAnswersNoMore() {
        far.loadIs(completedFuture(WELL));
        loads.tick().join();
        far.loadIs(UnreachableCluster.unreachable());

        loads.tick().join();

        assertThat(loads.latest().get(1).healthy()).isFalse();
    }
}
