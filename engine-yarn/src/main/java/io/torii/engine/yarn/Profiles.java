package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineKey;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What engines of a cluster are made by: its own Spark and settings, and those of its profiles. Each Spark has an agent of its own,
 * since an agent is made of Spark's jars; profiles with the same one share it. Thread-safe.
 */
final class Profiles implements AutoCloseable {
    /**
     * One of them.
     *
     * @param settings of every engine
     * @param agents those that submit
     */
    record Profile(Map<String, String> settings, Agents agents) {}

    private record Program(Path sparkHome, Path engineJar) {}

    private final String cluster;
    private final Profile own;
    private final Map<String, Profile> named = new HashMap<>();
    private final Map<Program, Agents> agents = new HashMap<>();

    /**
     * @param own the agents of the cluster's own Spark, to be closed by their owner
     * @param executor may be blocked by files and by starting processes, for milliseconds
     */
    Profiles(YarnClusterConfig config, Agents own, Executor executor) {
        this.cluster = config.name();
        this.own = new Profile(config.settings(), requireNonNull(own, "own"));
        Program ofCluster = new Program(config.sparkHome(), config.engineJar());
        for (YarnClusterConfig.Profile profile : config.profiles()) {
            Program program = new Program(profile.sparkHome(), profile.engineJar());
            Agents submitting = program.equals(ofCluster)
                    ? own
                    : agents.computeIfAbsent(
                            program, fresh -> new Agents(cluster, new AgentProgram(config.of(profile)), executor));
            named.put(profile.name(), new Profile(profile.settings(), submitting));
        }
    }

    /** The profile of engines with this key; fails with PLACEMENT_REFUSED if there is none of that name. */
    Profile require(EngineKey key) {
        Profile profile = key.profile().isEmpty() ? own : named.get(key.profile());
        if (profile == null) {
            throw new GatewayException(
                    ErrorCode.PLACEMENT_REFUSED, "Cluster " + cluster + " has no profile " + key.profile());
        }
        return profile;
    }

    /** As {@link #require}; the cluster's own for an engine whose profile has been taken away. */
    Profile ofRunning(EngineKey key) {
        return named.getOrDefault(key.profile(), own);
    }

    @Override
    public void close() {
        agents.values().forEach(Agents::close);
    }
}
