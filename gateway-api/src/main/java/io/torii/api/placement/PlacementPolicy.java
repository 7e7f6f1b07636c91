package io.torii.api.placement;

import io.torii.api.cluster.ClusterSnapshot;
import java.util.List;

/** Decides where work runs, from its arguments alone: equal arguments, equal placements. Thread-safe. */
@FunctionalInterface
public interface PlacementPolicy {
    Placement place(PlacementRequest request, List<ClusterSnapshot> clusters);
}
