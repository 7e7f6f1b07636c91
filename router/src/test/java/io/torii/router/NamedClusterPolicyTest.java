package io.torii.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.placement.Placement;
import io.torii.api.placement.PlacementPolicy;
import io.torii.api.placement.PlacementPolicyContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamedClusterPolicyTest extends PlacementPolicyContract {
    @Override
    protected PlacementPolicy policy() {
        return new NamedClusterPolicy("yarn");
    }

    @Test
    void takesTheDefaultWhenNothingIsAskedFor() {
        assertThat(policy().place(request(Optional.empty()), List.of(KUBERNETES, YARN)))
                .isEqualTo(Placement.on("yarn", "Cluster yarn is the default"));
    }

    @Test
    void saysThatTheClusterWasAskedFor() {
        assertThat(policy().place(request(Optional.of("kubernetes")), List.of(KUBERNETES, YARN)))
                .isEqualTo(Placement.on("kubernetes", "Cluster kubernetes was asked for"));
    }

    @Test
    void refusesRatherThanFallBackWhenTheDefaultIsNotHealthy() {
        Placement placement =
                policy().place(request(Optional.empty()), List.of(cluster("yarn", false, ""), KUBERNETES));

        assertThat(placement)
                .isEqualTo(Placement.sharedOnly("yarn", "Cluster yarn takes no new work: it is not healthy"));
    }

    @Test
    void saysSoWhenThereAreNoClustersAtAll() {
        assertThat(policy().place(request(Optional.empty()), List.of()).reasons())
                .containsExactly("There is no cluster yarn; choose one by torii.cluster (known: none)");
    }
}
