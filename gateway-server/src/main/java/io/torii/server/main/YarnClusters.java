package io.torii.server.main;

import io.torii.api.cluster.ClusterBackend;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.SparkProfileConfig;
import io.torii.server.config.YarnConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The clusters of type yarn. One thread at a time. */
final class YarnClusters implements AutoCloseable {
    private static final String CATALOG = "spark.sql.catalogImplementation";

    private final Installation installation;
    private final Path workDirectory;
    private final Supplier<List<URI>> gateways;
    private final String deployment;
    private final GatewayThreads threads;
    private final Clock clock;
    private final List<YarnBackend> backends = new ArrayList<>();

    /** @param deployment names what the gateways of one store have launched */
    YarnClusters(
            Installation installation,
            Path workDirectory,
            Supplier<List<URI>> gateways,
            String deployment,
            GatewayThreads threads,
            Clock clock) {
        this.installation = installation;
        this.workDirectory = workDirectory;
        this.gateways = gateways;
        this.deployment = deployment;
        this.threads = threads;
        this.clock = clock;
    }

    ClusterBackend add(ClusterConfig cluster) {
        YarnBackend backend = new YarnBackend(
                configOf(cluster, installation, workDirectory, gateways, deployment),
                clock,
                threads.timers,
                threads.host);
        backends.add(backend);
        return backend;
    }

    static YarnClusterConfig configOf(
            ClusterConfig cluster,
            Installation installation,
            Path workDirectory,
            Supplier<List<URI>> gateways,
            String deployment) {
        YarnConfig yarn = cluster.yarn();
        Path hadoop = installation.resolve(yarn.hadoopConfDir().orElseThrow());
        Path sparkHome = cluster.sparkHome().map(installation::resolve).orElseGet(installation::sparkHome);
        Path engineJar = cluster.engineJar().map(installation::resolve).orElseGet(installation::engineJar);
        Map<String, String> settings = new HashMap<>(catalog(cluster, hadoop));
        settings.putAll(cluster.settings());
        return new YarnClusterConfig(
                cluster.name(),
                deployment,
                hadoop,
                sparkHome,
                engineJar,
                workDirectory.resolve("clusters").resolve(cluster.name()),
                gateways,
                yarn.queue().orElse(""),
                Iceberg.with(cluster.iceberg(), installation::resolve, settings),
                yarn.stagingDirectory().orElse(""),
                yarn.principal()
                        .map(principal -> new YarnClusterConfig.KerberosLogin(
                                principal,
                                installation.resolve(yarn.keytab().orElseThrow()),
                                yarn.krb5Conf().map(installation::resolve))),
                yarn.impersonation(),
                Path.of(System.getProperty("java.home")),
                cluster.profiles().stream()
                        .map(profile -> new YarnClusterConfig.Profile(
                                profile.name(),
                                profile.sparkHome().map(installation::resolve).orElse(sparkHome),
                                profile.engineJar().map(installation::resolve).orElse(engineJar),
                                settingsOf(profile, cluster, installation, settings)))
                        .toList());
    }

    private static Map<String, String> settingsOf(
            SparkProfileConfig profile,
            ClusterConfig cluster,
            Installation installation,
            Map<String, String> ofCluster) {
        Map<String, String> settings = new HashMap<>(ofCluster);
        settings.putAll(profile.settings());
        return Iceberg.with(profile.iceberg().or(cluster::iceberg), installation::resolve, settings);
    }

    @Override
    public void close() {
        backends.forEach(YarnBackend::close);
    }

    private static Map<String, String> catalog(ClusterConfig cluster, Path hadoop) {
        Optional<String> metastore = cluster.metastore();
        if (metastore.isEmpty()) {
            return Map.of(CATALOG, Files.isRegularFile(hadoop.resolve("hive-site.xml")) ? "hive" : "in-memory");
        }
        return metastore.get().equals("none")
                ? Map.of(CATALOG, "in-memory")
                : Map.of(CATALOG, "hive", "spark.hadoop.hive.metastore.uris", metastore.get());
    }
}
