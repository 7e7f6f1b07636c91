package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.Figures;
import java.util.List;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;

/** What the cluster has and uses. Thread-safe. */
final class Loads {
    private final ResourceManager manager;
    private final Applications applications;

    Loads(ResourceManager manager, Applications applications) {
        this.manager = manager;
        this.applications = applications;
    }

    Figures now(List<String> queues) throws AgentException {
        List<NodeReport> nodes = manager.ask(client -> client.getNodeReports());
        long totalMemory = 0;
        long usedMemory = 0;
        int totalCores = 0;
        int usedCores = 0;
        int running = 0;
        int unhealthy = 0;
        for (NodeReport node : nodes) {
            if (node.getNodeState() == NodeState.RUNNING) {
                running++;
                totalMemory += node.getCapability().getMemorySize();
                totalCores += node.getCapability().getVirtualCores();
                usedMemory += node.getUsed() == null ? 0 : node.getUsed().getMemorySize();
                usedCores += node.getUsed() == null ? 0 : node.getUsed().getVirtualCores();
            } else if (node.getNodeState() == NodeState.UNHEALTHY) {
                unhealthy++;
            }
        }
        int engines = applications.live().size();
        return new Figures(totalMemory, usedMemory, 0, totalCores, usedCores, 0, running, unhealthy, 0, 0, engines);
    }
}
