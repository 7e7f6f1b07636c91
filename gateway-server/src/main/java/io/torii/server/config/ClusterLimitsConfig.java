package io.torii.server.config;

/** How many engines there may be on one cluster; 0 is no limit. Immutable. */
public record ClusterLimitsConfig(
        @Doc("Engines that are starting or running there") @Default("0") int engines,
        @Doc(
                        "Engines of one user that are starting or running there; the gateway's own limits.engines-per-user counts those of all clusters")
                @Default("0")
                int enginesPerUser) {
    public ClusterLimitsConfig {
        new Checks()
                .atLeast("engines", 0, engines)
                .atLeast("engines-per-user", 0, enginesPerUser)
                .done();
    }
}
