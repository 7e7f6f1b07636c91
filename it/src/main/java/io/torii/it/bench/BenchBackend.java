package io.torii.it.bench;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.it.Home;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What a gateway has of a YARN cluster, its agent included, without a gateway. Thread-safe. */
final class BenchBackend implements AutoCloseable {
    static final String DEPLOYMENT = "torii-bench";

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Path directory;
    private final YarnBackend backend;

    /**
     * @param directory for what the agent writes
     * @param home where engines call home
     * @param settings of every engine
     */
    BenchBackend(MiniHadoop hadoop, Path directory, URI home, Map<String, String> settings) {
        this.directory = directory;
        YarnClusterConfig config = new YarnClusterConfig(
                "mini",
                DEPLOYMENT,
                hadoop.configuration(),
                YarnWorld.sparkHome(),
                Home.directory().resolve("spark-engine/target/torii-spark-engine.jar"),
                directory,
                () -> List.of(home),
                "",
                settings,
                "",
                Optional.empty(),
                true,
                Path.of(System.getProperty("java.home")),
                List.of());
        this.backend = new YarnBackend(config, Clock.systemUTC(), scheduler, executor);
    }

    YarnBackend backend() {
        return backend;
    }

    EngineLaunch launch(String user) {
        EngineKey key = new EngineKey("mini", "spark", ShareLevel.CONNECTION, "s", "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, user, Map.of()));
    }

    /** Kills the engine's application; returns once it has ended. */
    void end(EngineLaunch launch) {
        backend.kill(launch.tag()).join();
        backend.endOf(launch.tag()).join();
    }

    /** The agent's. */
    Path log() {
        return directory.resolve("agent.log");
    }

    /** The agent, once it has answered something. */
    ProcessHandle agent() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("AgentMain"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        backend.close();
        scheduler.shutdownNow();
        executor.shutdownNow();
    }
}
