package io.torii.engine.yarn.agent.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.torii.engine.yarn.message.Figures.Amount;
import io.torii.engine.yarn.message.Figures.QueueFigures;
import java.util.ArrayList;
import java.util.List;

/** Reads what the ResourceManager's page says of its queues; knows the capacity scheduler and the fair one. */
final class Queues {
    private Queues() {}

    /** The leaf queues; none if the scheduler is another one. */
    static List<QueueFigures> of(JsonNode scheduler, Amount cluster) {
        List<QueueFigures> queues = new ArrayList<>();
        if (scheduler.path("type").asText().equals("capacityScheduler")) {
            scheduler.path("queues").path("queue").forEach(queue -> capacity(queue, cluster, queues));
        } else if (scheduler.path("type").asText().equals("fairScheduler")) {
            fair(scheduler.path("rootQueue"), cluster, queues);
        }
        return queues;
    }

    private static void capacity(JsonNode queue, Amount cluster, List<QueueFigures> queues) {
        JsonNode children = queue.path("queues").path("queue");
        if (!children.isEmpty()) {
            children.forEach(child -> capacity(child, cluster, queues));
            return;
        }
        double most = queue.path("absoluteMaxCapacity").asDouble() / 100;
        queues.add(new QueueFigures(
                queue.path("queuePath").asText(queue.path("queueName").asText()),
                queue.path("state").asText().equals("RUNNING"),
                queue.path("absoluteCapacity").asDouble(),
                amount(queue.path("resourcesUsed")),
                new Amount((long) (cluster.memory() * most), (int) (cluster.cores() * most)),
                amount(queue.path("usedAMResource")),
                amount(queue.path("AMResourceLimit")),
                queue.path("numActiveApplications").asInt(),
                queue.path("numPendingApplications").asInt()));
    }

    private static void fair(JsonNode queue, Amount cluster, List<QueueFigures> queues) {
        JsonNode children = queue.path("childQueues").path("queue");
        if (!children.isEmpty()) {
            children.forEach(child -> fair(child, cluster, queues));
            return;
        }
        Amount share = amount(queue.path("steadyFairResources"));
        queues.add(new QueueFigures(
                queue.path("queueName").asText(),
                true,
                cluster.memory() == 0 ? 0 : 100.0 * share.memory() / cluster.memory(),
                amount(queue.path("usedResources")),
                amount(queue.path("maxResources")),
                amount(queue.path("amUsedResources")),
                amount(queue.path("amMaxResources")),
                queue.path("numActiveApps").asInt(),
                queue.path("numPendingApps").asInt()));
    }

    private static Amount amount(JsonNode resources) {
        return new Amount(
                resources.path("memory").asLong(), resources.path("vCores").asInt());
    }
}
