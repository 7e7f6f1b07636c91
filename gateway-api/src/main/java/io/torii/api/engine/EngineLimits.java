package io.torii.api.engine;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.Map;
import java.util.Optional;

/**
 * How many engines may be starting or taking sessions; 0 is no limit. Those that drain do not count: what takes their place
 * would else be refused. Immutable.
 *
 * @param perUser that one user has asked for, on all clusters together
 * @param clusters by a cluster's name; a cluster that is not named has no limits of its own
 */
public record EngineLimits(int perUser, Map<String, OfCluster> clusters) {
    public static final EngineLimits NONE = new EngineLimits(0, Map.of());

    private static final String INSTEAD =
            ", as many as there may be; use an engine that runs (the same sub-domain and launch settings), or wait until one"
                    + " of them ends";

    /**
     * The limits of one cluster.
     *
     * @param engines of all users
     * @param perUser that one user has asked for
     */
    public record OfCluster(int engines, int perUser) {
        public static final OfCluster NONE = new OfCluster(0, 0);
    }

    /** Counts engines that are starting or taking sessions. */
    @FunctionalInterface
    public interface Count {
        /** Those that this user has asked for, on this cluster; of all users or clusters if none is named. */
        long of(Optional<String> user, Optional<String> cluster);
    }

    public EngineLimits {
        clusters = Map.copyOf(clusters);
    }

    /** Whether anything has to be counted before an engine is started there. */
    public boolean limit(String cluster) {
        return perUser > 0 || !on(cluster).equals(OfCluster.NONE);
    }

    /** Fails with TOO_MANY_ENGINES, in a sentence that says which, if one more than there are now is one too many. */
    public void check(EngineSpec more, Count engines) {
        String cluster = more.key().cluster();
        Optional<String> there = Optional.of(cluster);
        Optional<String> user = Optional.of(more.requestedBy());
        String ofUser = "User " + more.requestedBy();
        check(perUser, engines.of(user, Optional.empty()), ofUser, "");
        check(on(cluster).perUser(), engines.of(user, there), ofUser, " on cluster " + cluster);
        check(on(cluster).engines(), engines.of(Optional.empty(), there), "Cluster " + cluster, "");
    }

    private OfCluster on(String cluster) {
        return clusters.getOrDefault(cluster, OfCluster.NONE);
    }

    private static void check(int limit, long engines, String whose, String where) {
        if (limit > 0 && engines >= limit) {
            throw new GatewayException(
                    ErrorCode.TOO_MANY_ENGINES,
                    whose + " has " + (engines == 1 ? "1 engine" : engines + " engines") + where + INSTEAD);
        }
    }
}
