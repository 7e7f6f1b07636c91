package io.torii.server.config;

/** Where work runs. Immutable. */
public record RouterConfig(@Doc("Cluster for work that does not ask for one") @Default("local") String defaultCluster) {
    public RouterConfig {
        new Checks().filled("default-cluster", defaultCluster).done();
    }
}
