package io.torii.it.yarn;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterBackendContract;
import io.torii.api.engine.EngineLaunch;
import io.torii.engine.yarn.YarnBackend;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What every cluster promises, kept by a real YARN with real engines. */
@Tag("system")
class YarnBackendContractTest extends ClusterBackendContract {
    private static TestCluster cluster;
    private static YarnBackend backend;

    @BeforeAll
    static void start() throws IOException {
        cluster = new TestCluster(MiniHadoopShape.small());
        backend = cluster.backend();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected ClusterBackend backend() {
        return backend;
    }

    @Override
    protected ClusterBackend anotherBackend() {
        return cluster.backend();
    }

    @Override
    protected EngineLaunch lasting() {
        return TestCluster.launch("alice", Map.of());
    }

    @Override
    protected Optional<EngineLaunch> failing() {
        return Optional.of(TestCluster.launch("alice", Map.of("torii.engine.idle-timeout", "a while")));
    }

    @Override
    protected String causeOfFailure() {
        return "Launch option idle-timeout: a while (expected: a duration such as PT30M)";
    }
}
