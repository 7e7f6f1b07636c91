package io.torii.server.main;

import io.torii.api.cluster.ClusterBackend;
import io.torii.server.config.ClusterConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** All configured clusters, of whatever type. One thread at a time. */
final class Clusters implements AutoCloseable {
    private final LocalClusters local;
    private final YarnClusters yarn;

    Clusters(LocalClusters local, YarnClusters yarn) {
        this.local = local;
        this.yarn = yarn;
    }

    /** Their backends, by name. */
    Map<String, ClusterBackend> backends(List<ClusterConfig> configured) {
        Map<String, ClusterBackend> backends = new HashMap<>();
        for (ClusterConfig cluster : configured) {
            backends.put(
                    cluster.name(),
                    switch (cluster.type()) {
                        case LOCAL -> local.add(cluster);
                        case YARN -> yarn.add(cluster);
                    });
        }
        return backends;
    }

    /** Starts what an engine would have to wait for. */
    void warmUp() {
        local.warmUp();
    }

    /** Ends the engines and the metastore of this host; completes once they are gone. */
    CompletableFuture<Void> endLocal() {
        return local.endAll();
    }

    @Override
    public void close() {
        local.close();
        yarn.close();
    }
}
