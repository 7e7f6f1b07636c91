package io.torii.api.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * A cluster at one moment.
 *
 * @param healthy whether new work may be placed there
 * @param reason why it is not healthy; empty if it is
 * @param total what it has; nothing if unknown
 * @param used what is in use, by anybody
 * @param pending what has been asked for and not been given
 * @param engines those of these gateways that are alive
 * @param running applications of anybody's that run
 * @param waiting applications of anybody's that wait to be started
 * @param unhealthyNodes nodes that are there and get no work
 * @param queues its queues; empty if it has none, or they are unknown
 * @param takenAt when: the figures are as old as that
 */
public record ClusterSnapshot(
        String cluster,
        boolean healthy,
        String reason,
        Resources total,
        Resources used,
        Resources pending,
        int engines,
        int running,
        int waiting,
        int unhealthyNodes,
        List<QueueSnapshot> queues,
        Instant takenAt) {
    public ClusterSnapshot {
        requireNonNull(cluster, "cluster");
        requireNonNull(reason, "reason");
        requireNonNull(total, "total");
        requireNonNull(used, "used");
        requireNonNull(pending, "pending");
        requireNonNull(takenAt, "takenAt");
        queues = List.copyOf(queues);
    }

    /** One of which no more is known than that it is no place for work. */
    public static ClusterSnapshot unhealthy(String cluster, String reason, Instant takenAt) {
        return new ClusterSnapshot(
                cluster, false, reason, Resources.NONE, Resources.NONE, Resources.NONE, 0, 0, 0, 0, List.of(), takenAt);
    }

    /** One without queues, on which nothing waits. */
    public static ClusterSnapshot of(
            String cluster, String problem, Resources total, Resources used, int engines, Instant takenAt) {
        return new ClusterSnapshot(
                cluster,
                problem.isEmpty(),
                problem,
                total,
                used,
                Resources.NONE,
                engines,
                engines,
                0,
                0,
                List.of(),
                takenAt);
    }

    public Resources free() {
        return total.minus(used);
    }
}
