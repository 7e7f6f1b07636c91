package io.torii.api.placement;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Work that wants a place.
 *
 * @param cluster the cluster that the user asked for, if any
 * @param queue the queue that the user asked for, if any
 * @param workload who the work is, over time: a scheduler's job name, a tag; empty if unknown
 * @param settings the session's settings, aliases resolved
 */
public record PlacementRequest(
        String user,
        Set<String> groups,
        Optional<String> cluster,
        Optional<String> queue,
        String workload,
        Map<String, String> settings) {
    public PlacementRequest {
        requireNonNull(user, "user");
        groups = Set.copyOf(groups);
        requireNonNull(cluster, "cluster");
        requireNonNull(queue, "queue");
        requireNonNull(workload, "workload");
        settings = Map.copyOf(settings);
    }
}
