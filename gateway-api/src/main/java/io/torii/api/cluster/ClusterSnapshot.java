package io.torii.api.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A cluster at one moment.
 *
 * @param healthy whether new work may be placed there
 * @param reason why it is not healthy; empty if it is
 * @param totalCores virtual cores; 0 if unknown
 * @param freeCores virtual cores not in use
 * @param totalMemory bytes; 0 if unknown
 * @param freeMemory bytes not in use
 */
public record ClusterSnapshot(
        String cluster,
        boolean healthy,
        String reason,
        int totalCores,
        int freeCores,
        long totalMemory,
        long freeMemory,
        int engines,
        Instant takenAt) {
    public ClusterSnapshot {
        requireNonNull(cluster, "cluster");
        requireNonNull(reason, "reason");
        requireNonNull(takenAt, "takenAt");
    }
}
