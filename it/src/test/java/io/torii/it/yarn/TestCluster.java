package io.torii.it.yarn;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.it.Home;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A real HDFS and YARN, and backends for it. What it launches are real engines whose gateway never answers. */
final class TestCluster implements AutoCloseable {
    private final Path directory;
    private final MiniHadoop hadoop;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<YarnBackend> backends = new ArrayList<>();

    private final String deployment;
    private final boolean owned;

    TestCluster(MiniHadoopShape shape) throws IOException {
        directory = Files.createTempDirectory("torii-yarn-");
        deployment = "torii-test";
        owned = true;
        hadoop = MiniHadoop.start(Files.createDirectory(directory.resolve("hadoop")), shape);
    }

    /** One that runs already, for gateways of this deployment; closing this leaves it. */
    TestCluster(MiniHadoop hadoop, String deployment) throws IOException {
        directory = Files.createTempDirectory("torii-yarn-");
        this.deployment = deployment;
        owned = false;
        this.hadoop = hadoop;
    }

    MiniHadoop hadoop() {
        return hadoop;
    }

    /** A backend like that of another gateway of the same deployment. */
    YarnBackend backend() {
        YarnBackend backend = new YarnBackend(config(), Clock.systemUTC(), scheduler, executor);
        backends.add(backend);
        return backend;
    }

    YarnClusterConfig config() {
        return new YarnClusterConfig(
                "mini",
                deployment,
                hadoop.configuration(),
                YarnWorld.sparkHome(),
                Home.directory().resolve("spark-engine/target/torii-spark-engine.jar"),
                directory.resolve("backend-" + backends.size()),
                () -> List.of(URI.create("http://127.0.0.1:1")),
                "",
                Map.of(
                        "spark.driver.memory", "512m",
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                        "spark.dynamicAllocation.minExecutors", "0"),
                "",
                Optional.empty(),
                true,
                Path.of(System.getProperty("java.home")));
    }

    static EngineLaunch launch(String user, Map<String, String> settings) {
        EngineKey key = new EngineKey("mini", "spark", ShareLevel.USER, user, "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, user, new TreeMap<>(settings)));
    }

    @Override
    public void close() {
        backends.forEach(YarnBackend::close);
        if (owned) {
            hadoop.close();
        }
        scheduler.shutdownNow();
        executor.shutdownNow();
    }
}
