package io.torii.router;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.placement.Placement;
import io.torii.api.placement.PlacementPolicy;
import io.torii.api.placement.PlacementRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The simplest policy: the cluster that the user asked for, else the default one; refused if it is unknown or, but for engines
 * that run, not healthy, never another one instead. Immutable, thread-safe.
 */
public final class NamedClusterPolicy implements PlacementPolicy {
    private final String defaultCluster;

    public NamedClusterPolicy(String defaultCluster) {
        this.defaultCluster = requireNonNull(defaultCluster, "defaultCluster");
    }

    @Override
    public Placement place(PlacementRequest request, List<ClusterSnapshot> clusters) {
        String wanted = request.cluster().orElse(defaultCluster);
        Optional<ClusterSnapshot> found = clusters.stream()
                .filter(cluster -> cluster.cluster().equals(wanted))
                .findFirst();
        if (found.isEmpty()) {
            return Placement.refused(
                    "There is no cluster " + wanted + "; choose one by torii.cluster (known: " + names(clusters) + ")");
        }
        if (!found.get().healthy()) {
            return Placement.sharedOnly(
                    wanted,
                    "Cluster " + wanted + " takes no new work: "
                            + (found.get().reason().isEmpty()
                                    ? "it is not healthy"
                                    : found.get().reason()));
        }
        return Placement.on(
                wanted,
                request.cluster().isPresent()
                        ? "Cluster " + wanted + " was asked for"
                        : "Cluster " + wanted + " is the default");
    }

    private static String names(List<ClusterSnapshot> clusters) {
        return clusters.isEmpty()
                ? "none"
                : clusters.stream().map(ClusterSnapshot::cluster).sorted().collect(Collectors.joining(", "));
    }
}
