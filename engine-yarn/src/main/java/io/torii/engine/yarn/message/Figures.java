package io.torii.engine.yarn.message;

/**
 * What a cluster has and uses; memory in mebibytes.
 *
 * @param engines applications of this deployment that are alive
 */
public record Figures(
        long totalMemory,
        long usedMemory,
        long pendingMemory,
        int totalCores,
        int usedCores,
        int pendingCores,
        int nodes,
        int unhealthyNodes,
        int runningApplications,
        int pendingApplications,
        int engines) {}
