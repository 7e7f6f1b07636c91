package io.torii.engine.local;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.ClusterBackendContract;
import io.torii.api.engine.EngineLaunch;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LocalBackendContractTest extends ClusterBackendContract {
    @TempDir
    private Path directory;

    private LocalHost host;
    private LocalBackend backend;

    /** After the contract's own clean-up, which needs the threads. */
    @RegisterExtension
    final AfterEachCallback stop = context -> host.close();

    @BeforeEach
    void start() {
        host = new LocalHost(directory);
        backend = host.backend();
    }

    @Override
    protected ClusterBackend backend() {
        return backend;
    }

    @Override
    protected ClusterBackend anotherBackend() {
        return host.backend();
    }

    @Override
    protected EngineLaunch lasting() {
        return Launches.thatWould("lasts");
    }

    @Override
    protected Optional<EngineLaunch> failing() {
        return Optional.of(Launches.thatWould("throws"));
    }

    @Override
    protected String causeOfFailure() {
        return "IllegalArgumentException: port 0";
    }
}
