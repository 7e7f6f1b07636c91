package io.torii.engine.yarn;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.QueueSnapshot;
import io.torii.api.cluster.Resources;
import io.torii.engine.yarn.message.Figures;
import java.time.Instant;
import java.util.List;

/** YARN's figures as the router wants them. */
final class Snapshots {
    private static final long MEBIBYTE = 1L << 20;

    private Snapshots() {}

    static ClusterSnapshot of(String cluster, Figures figures, Instant now) {
        Resources total = resources(figures.total());
        Resources used = resources(figures.used());
        List<QueueSnapshot> queues = figures.queues().stream()
                .map(queue -> queue(queue, total.minus(used)))
                .toList();
        return new ClusterSnapshot(
                cluster,
                figures.nodes() > 0,
                figures.nodes() > 0 ? "" : "none of its nodes gets work",
                total,
                used,
                resources(figures.pending()),
                figures.engines(),
                figures.runningApplications(),
                figures.pendingApplications(),
                figures.unhealthyNodes(),
                queues,
                now);
    }

    /** A queue can have room that the cluster has not, and room that drivers may not have. */
    private static QueueSnapshot queue(Figures.QueueFigures queue, Resources free) {
        Resources used = resources(queue.used());
        Resources limit = resources(queue.limit());
        Resources headRoom = limit.minus(used).least(free);
        return new QueueSnapshot(
                queue.name(),
                queue.open(),
                queue.capacity() / 100,
                used,
                limit,
                headRoom,
                resources(queue.driverLimit())
                        .minus(resources(queue.driversUsed()))
                        .least(headRoom),
                queue.running(),
                queue.pending());
    }

    private static Resources resources(Figures.Amount amount) {
        return new Resources(amount.memory() * MEBIBYTE, amount.cores());
    }
}
