package io.torii.api.cluster;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import java.util.Map;
import java.util.Optional;

class FakeClusterTest extends ClusterBackendContract {
    private final FakeCluster cluster = new FakeCluster();

    @Override
    protected ClusterBackend backend() {
        return cluster;
    }

    @Override
    protected ClusterBackend anotherBackend() {
        return cluster;
    }

    @Override
    protected EngineLaunch lasting() {
        EngineKey key = new EngineKey("fake", "sleep", ShareLevel.USER, "alice", "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, "alice", Map.of()));
    }

    /** Applications of a fake cluster end when the test says so, not by themselves. */
    @Override
    protected Optional<EngineLaunch> failing() {
        return Optional.empty();
    }

    @Override
    protected String causeOfFailure() {
        return "";
    }
}
