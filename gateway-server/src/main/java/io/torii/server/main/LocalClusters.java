package io.torii.server.main;

import io.torii.api.cluster.ClusterBackend;
import io.torii.engine.local.LocalBackend;
import io.torii.engine.local.LocalClusterConfig;
import io.torii.engine.local.LocalMetastore;
import io.torii.engine.local.LocalMetastoreConfig;
import io.torii.engine.local.Metastore;
import io.torii.server.config.ClusterConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The clusters of type local, with the one metastore that they share. One thread at a time. */
final class LocalClusters implements AutoCloseable {
    private final Installation installation;
    private final Path workDirectory;
    private final Supplier<List<URI>> gateways;
    private final GatewayThreads threads;
    private final Clock clock;
    private final List<LocalBackend> backends = new ArrayList<>();
    private Optional<LocalMetastore> metastore = Optional.empty();

    LocalClusters(
            Installation installation,
            Path workDirectory,
            Supplier<List<URI>> gateways,
            GatewayThreads threads,
            Clock clock) {
        this.installation = installation;
        this.workDirectory = workDirectory;
        this.gateways = gateways;
        this.threads = threads;
        this.clock = clock;
    }

    ClusterBackend add(ClusterConfig cluster) {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "spark.sql.warehouse.dir",
                workDirectory.resolve("warehouse").toUri().toString());
        settings.putAll(cluster.settings());
        LocalClusterConfig config = LocalClusterConfig.of(
                        cluster.name(),
                        cluster.sparkHome().map(installation::resolve).orElseGet(installation::sparkHome),
                        cluster.engineJar().map(installation::resolve).orElseGet(installation::engineJar),
                        workDirectory.resolve("clusters").resolve(cluster.name()),
                        gateways)
                .withSettings(Iceberg.with(cluster.iceberg(), installation::resolve, settings));
        LocalBackend backend =
                new LocalBackend(config, metastoreFor(cluster, config), clock, threads.timers, threads.host);
        backends.add(backend);
        return backend;
    }

    /** Starts what an engine would have to wait for. */
    void warmUp() {
        metastore.ifPresent(shared -> {
            CompletableFuture<URI> started = shared.start();
            started.exceptionally(failure -> null); // the launch that needs it says why
        });
    }

    /** Ends every engine and the metastore; completes once they are gone. */
    CompletableFuture<Void> endAll() {
        return CompletableFuture.allOf(
                        backends.stream().map(LocalBackend::endAll).toArray(CompletableFuture[]::new))
                .handle((ended, failure) ->
                        metastore.map(LocalMetastore::end).orElseGet(() -> CompletableFuture.completedFuture(null)))
                .thenCompose(ended -> ended);
    }

    @Override
    public void close() {
        backends.forEach(LocalBackend::close);
        metastore.ifPresent(LocalMetastore::close);
    }

    private Metastore metastoreFor(ClusterConfig cluster, LocalClusterConfig config) {
        return switch (cluster.metastore().orElse("managed")) {
            case "none" -> Metastore.none();
            case "managed" -> {
                if (metastore.isEmpty()) {
                    LocalMetastoreConfig beside = LocalMetastoreConfig.of(config);
                    metastore = Optional.of(new LocalMetastore(
                            new LocalMetastoreConfig(
                                    beside.sparkHome(),
                                    workDirectory,
                                    beside.javaHome(),
                                    beside.port(),
                                    beside.orphanTimeout(),
                                    beside.killAfter()),
                            clock,
                            threads.timers,
                            threads.host));
                }
                yield metastore.get();
            }
            default -> Metastore.at(URI.create(cluster.metastore().orElseThrow()));
        };
    }
}
