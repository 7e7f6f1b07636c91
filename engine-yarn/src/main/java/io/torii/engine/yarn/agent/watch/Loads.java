package io.torii.engine.yarn.agent.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import io.torii.engine.yarn.message.Figures;
import io.torii.engine.yarn.message.Figures.Amount;
import io.torii.engine.yarn.message.Lines;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster has and uses: from the ResourceManager's web services, which alone know what waits and what queues let
 * drivers have; without queues from its calls where its web services do not answer. Thread-safe.
 */
public final class Loads {
    private static final Logger log = LoggerFactory.getLogger(Loads.class);
    private static final int MAX_BYTES = 8 << 20;
    private static final Amount NOTHING = new Amount(0, 0);

    private final ResourceManager manager;
    private final Applications applications;
    private final Web web;

    public Loads(ResourceManager manager, Applications applications, Web web) {
        this.manager = manager;
        this.applications = applications;
        this.web = web;
    }

    public Figures now() throws AgentException {
        int engines = applications.live().size(); // also finds out whether it answers at all
        Optional<JsonNode> metrics = page("/ws/v1/cluster/metrics").map(page -> page.path("clusterMetrics"));
        if (metrics.isEmpty()) {
            return ofNodes(engines);
        }
        JsonNode cluster = metrics.get();
        Amount total = new Amount(
                cluster.path("totalMB").asLong(),
                cluster.path("totalVirtualCores").asInt());
        return new Figures(
                total,
                new Amount(
                        cluster.path("allocatedMB").asLong()
                                + cluster.path("reservedMB").asLong(),
                        cluster.path("allocatedVirtualCores").asInt()
                                + cluster.path("reservedVirtualCores").asInt()),
                new Amount(
                        cluster.path("pendingMB").asLong(),
                        cluster.path("pendingVirtualCores").asInt()),
                cluster.path("activeNodes").asInt(),
                cluster.path("unhealthyNodes").asInt(),
                cluster.path("appsRunning").asInt(),
                cluster.path("appsPending").asInt(),
                engines,
                page("/ws/v1/cluster/scheduler")
                        .map(page -> Queues.of(page.path("scheduler").path("schedulerInfo"), total))
                        .orElseGet(List::of));
    }

    private Optional<JsonNode> page(String path) {
        for (URI address : manager.webAddresses()) {
            try {
                return Optional.of(Lines.read(web.get(address.resolve(path), MAX_BYTES), JsonNode.class));
            } catch (AgentException | Web.Absent | IllegalArgumentException silent) {
                log.debug("no {} at {}", path, address, silent);
            }
        }
        return Optional.empty();
    }

    private Figures ofNodes(int engines) throws AgentException {
        List<NodeReport> nodes = manager.ask(client -> client.getNodeReports());
        Amount total = NOTHING;
        Amount used = NOTHING;
        int running = 0;
        int unhealthy = 0;
        for (NodeReport node : nodes) {
            if (node.getNodeState() == NodeState.RUNNING) {
                running++;
                total = plus(total, node.getCapability());
                used = plus(used, node.getUsed());
            } else if (node.getNodeState() == NodeState.UNHEALTHY) {
                unhealthy++;
            }
        }
        return new Figures(total, used, NOTHING, running, unhealthy, 0, 0, engines, List.of());
    }

    private static Amount plus(Amount amount, Resource more) {
        return more == null
                ? amount
                : new Amount(amount.memory() + more.getMemorySize(), amount.cores() + more.getVirtualCores());
    }
}
