package io.torii.engine.yarn.agent.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.agent.hadoop.Web;
import io.torii.engine.yarn.message.Figures;
import io.torii.engine.yarn.message.Figures.Amount;
import io.torii.engine.yarn.message.Lines;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
    /** So long an address is waited for, if there is another. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** So long before its deadline a caller is answered, without the pages that have not come. */
    private static final Duration MARGIN = Duration.ofMillis(800);

    private static final int MAX_BYTES = 8 << 20;
    private static final Amount NOTHING = new Amount(0, 0);

    private final ResourceManager manager;
    private final Applications applications;
    private final Web web;
    /** That answered last: of a pair, the one that stands by may be the one that hangs. */
    private volatile Optional<URI> good = Optional.empty();

    public Loads(ResourceManager manager, Applications applications, Web web) {
        this.manager = manager;
        this.applications = applications;
        this.web = web;
    }

    /** @param deadline when nobody waits for them any more */
    public Figures now(Deadline deadline) throws AgentException {
        int engines = applications.live().size(); // also finds out whether it answers at all
        Optional<JsonNode> metrics = page("/ws/v1/cluster/metrics", deadline).map(page -> page.path("clusterMetrics"));
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
                page("/ws/v1/cluster/scheduler", deadline)
                        .map(page -> Queues.of(page.path("scheduler").path("schedulerInfo"), total))
                        .orElseGet(List::of));
    }

    private Optional<JsonNode> page(String path, Deadline deadline) {
        List<URI> addresses = new ArrayList<>(manager.webAddresses());
        good.ifPresent(last -> addresses.sort(Comparator.comparing(address -> !address.equals(last))));
        for (URI address : addresses) {
            Duration left = deadline.left().minus(MARGIN);
            if (left.isNegative()) {
                break;
            }
            try {
                boolean only = addresses.size() == 1;
                Web patient = web.within(only || left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
                JsonNode page = Lines.read(patient.get(address.resolve(path), MAX_BYTES), JsonNode.class);
                good = Optional.of(address);
                return Optional.of(page);
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
