package io.torii.it.yarn;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.engine.yarn.YarnClusterConfig.KerberosLogin;
import io.torii.it.Home;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real HDFS and YARN, and backends for it. What it launches are real engines whose gateway never answers. */
final class TestCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

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
        return backend(login());
    }

    private Optional<KerberosLogin> login() {
        return hadoop.kerberos()
                .map(kerberos -> new KerberosLogin(
                        kerberos.principal("torii"), kerberos.keytab("torii"), Optional.of(kerberos.configuration())));
    }

    /** A backend of a gateway with this login. */
    YarnBackend backend(Optional<KerberosLogin> own) {
        YarnBackend backend = new YarnBackend(config(own), Clock.systemUTC(), scheduler, executor);
        backends.add(backend);
        return backend;
    }

    /** As {@link #backend()} has it. */
    YarnClusterConfig config() {
        return config(login());
    }

    private YarnClusterConfig config(Optional<KerberosLogin> own) {
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
                own,
                true,
                Path.of(System.getProperty("java.home")),
                List.of());
    }

    /** What the first backend's agents have logged. */
    String agentLog() {
        try {
            return Files.readString(directory.resolve("backend-0/agent.log"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Asks again and again until it is so. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
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
