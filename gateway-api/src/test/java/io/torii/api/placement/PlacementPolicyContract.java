package io.torii.api.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link PlacementPolicy} promises. A policy's own test extends this. */
public abstract class PlacementPolicyContract {
    protected static final ClusterSnapshot YARN = cluster("yarn", true, "");
    protected static final ClusterSnapshot KUBERNETES = cluster("kubernetes", true, "");

    /** A policy that places a request without wishes on {@code yarn}, if it is there and healthy. */
    protected abstract PlacementPolicy policy();

    protected static ClusterSnapshot cluster(String name, boolean healthy, String reason) {
        return healthy
                ? ClusterSnapshot.of(name, "", new Resources(1L << 34, 8), Resources.NONE, 0, Instant.EPOCH)
                : ClusterSnapshot.unhealthy(name, reason, Instant.EPOCH);
    }

    protected static PlacementRequest request(Optional<String> cluster) {
        return new PlacementRequest("alice", Set.of("analysts"), cluster, Optional.empty(), "", Map.of());
    }

    @Test
    void placesOnlyOnClustersItWasShown() {
        Placement placement = policy().place(request(Optional.empty()), List.of(YARN, KUBERNETES));

        assertThat(placement.clusters()).isNotEmpty().isSubsetOf("yarn", "kubernetes");
    }

    @Test
    void heedsTheClusterThatWasAskedFor() {
        Placement placement = policy().place(request(Optional.of("kubernetes")), List.of(YARN, KUBERNETES));

        assertThat(placement.clusters()).startsWith("kubernetes");
    }

    @Test
    void givesReasonsForWhatItDecides() {
        assertThat(policy().place(request(Optional.empty()), List.of(YARN)).reasons())
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(reason).isNotBlank());
    }

    @Test
    void refusesAnUnknownClusterAndNamesTheKnownOnes() {
        Placement placement = policy().place(request(Optional.of("mars")), List.of(YARN, KUBERNETES));

        assertThat(placement.isRefused()).isTrue();
        assertThat(placement.reasons()).anySatisfy(reason -> assertThat(reason).contains("mars", "yarn", "kubernetes"));
    }

    @Test
    void placesNothingOnAClusterThatIsNotHealthyAndSaysWhy() {
        ClusterSnapshot sick = cluster("yarn", false, "its ResourceManager does not answer");

        Placement placement = policy().place(request(Optional.of("yarn")), List.of(sick, KUBERNETES));

        assertThat(placement.clusters()).doesNotContain("yarn");
        assertThat(placement.reasons())
                .anySatisfy(reason -> assertThat(reason).contains("its ResourceManager does not answer"));
    }

    @Test
    void sharesNoEngineOfAnotherClusterThanTheOneThatWasAskedFor() {
        ClusterSnapshot sick = cluster("yarn", false, "its ResourceManager does not answer");

        assertThat(policy().place(request(Optional.of("yarn")), List.of(sick, KUBERNETES))
                        .shared())
                .satisfiesAnyOf(shared -> assertThat(shared).isEmpty(), shared -> assertThat(shared)
                        .contains("yarn"));
    }

    @Test
    void refusesWhenThereIsNoCluster() {
        assertThat(policy().place(request(Optional.empty()), List.of()).isRefused())
                .isTrue();
    }

    @Test
    void decidesTheSameFromTheSameArguments() {
        PlacementPolicy policy = policy();

        assertThat(policy.place(request(Optional.empty()), List.of(YARN, KUBERNETES)))
                .isEqualTo(policy.place(request(Optional.empty()), List.of(YARN, KUBERNETES)));
    }
}
