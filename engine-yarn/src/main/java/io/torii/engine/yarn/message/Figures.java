package io.torii.engine.yarn.message;

import java.util.List;

/**
 * What a cluster has and uses.
 *
 * @param nodes those that get work
 * @param unhealthyNodes those that are there and get none
 * @param engines applications of this deployment that are alive
 * @param queues leaf queues; empty if the scheduler does not tell
 */
public record Figures(
        Amount total,
        Amount used,
        Amount pending,
        int nodes,
        int unhealthyNodes,
        int runningApplications,
        int pendingApplications,
        int engines,
        List<QueueFigures> queues) {
    /**
     * Some room.
     *
     * @param memory mebibytes
     * @param cores virtual cores
     */
    public record Amount(long memory, int cores) {}

    /**
     * A queue.
     *
     * @param capacity per cent of the cluster that it is promised
     * @param limit the most that its applications may use
     * @param driverLimit the most that their drivers may use
     */
    public record QueueFigures(
            String name,
            boolean open,
            double capacity,
            Amount used,
            Amount limit,
            Amount driversUsed,
            Amount driverLimit,
            int running,
            int pending) {}

    public Figures {
        queues = List.copyOf(queues);
    }
}
