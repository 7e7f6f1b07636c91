package io.torii.server.main;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineLimits;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.EngineConfig;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.HomeConfig;
import io.torii.server.engine.ClusterLoads;
import io.torii.server.engine.EnginePool;
import io.torii.server.engine.EngineTokens;
import io.torii.server.engine.EngineWatch;
import io.torii.server.engine.Orphans;
import io.torii.server.engine.SilentEngines;
import io.torii.server.engine.channel.ChannelTimes;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.server.frontend.home.HomeServer;
import io.torii.server.frontend.home.HomeServerConfig;
import io.torii.server.metrics.MeteredRegistry;
import io.torii.server.session.EngineLinks;
import io.torii.server.store.Duties;
import io.torii.server.store.SharedSecrets;
import io.torii.server.store.sql.SqlDuties;
import io.torii.server.store.sql.SqlEngineHome;
import io.torii.server.store.sql.SqlEngineRegistry;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes what finds, launches, watches and reaches engines.
 *
 * @param configured the clusters
 * @param home where engines call
 */
record EngineWiring(
        SqlEngineRegistry registry,
        HomeServer home,
        Clusters configured,
        ClusterLoads loads,
        EngineWatch watch,
        EnginePool engines,
        WireEngineChannels channels,
        SilentEngines silent,
        Orphans orphans,
        EngineLinks links) {
    private static final Duration HEARTBEATS_STORED_EVERY = Duration.ofSeconds(30);
    private static final Duration ORPHANS_LEASE = Duration.ofMinutes(3);

    static EngineWiring of(Ground ground, Installation installation, WorkDirectory workDirectory) {
        GatewayConfig config = ground.config();
        GatewayThreads threads = ground.threads();
        SqlEngineRegistry registry = new SqlEngineRegistry(ground.database(), ground.timers(), limitsOf(config));
        SqlEngineHome reports =
                new SqlEngineHome(ground.database(), registry, ground.clock(), storedEvery(config.engine()));
        // filled below: clusters tell engines where the home is, which asks them for tokens
        Map<String, ClusterBackend> clusters = new ConcurrentHashMap<>();
        HomeServer home = new HomeServer(
                HomeServerConfig.of(
                        config.home().host(),
                        config.home().port(),
                        config.engine().heartbeatInterval()),
                reports,
                new EngineTokens(reports, clusters),
                threads.loops,
                ground.wall());
        Clusters configured = new Clusters(
                new LocalClusters(installation, workDirectory.path(), addressOf(config, home), threads, ground.wall()),
                new YarnClusters(
                        installation,
                        workDirectory.path(),
                        addressOf(config, home),
                        deployment(ground.secrets()),
                        threads,
                        ground.wall()));
        clusters.putAll(configured.backends(config.clusters()));
        EngineWatch watch = new EngineWatch(registry, clusters, ground.timers());
        EnginePool engines = new EnginePool(
                new MeteredRegistry(registry, ground.metrics(), ground.clock()),
                clusters,
                watch,
                ground.timers(),
                config.engine().launchTimeout());
        WireEngineChannels channels = new WireEngineChannels(
                new WireConnector(threads.loops, threads.host, WireOptions.defaults()),
                ChannelTimes.defaults(),
                UUID.randomUUID().toString());
        SilentEngines silent = new SilentEngines(
                reports,
                channels,
                clusters,
                ground.clock(),
                ground.timers(),
                config.engine().silenceLimit());
        Duties duties = new SqlDuties(ground.database());
        return new EngineWiring(
                registry,
                home,
                configured,
                new ClusterLoads(clusters, ground.clock()),
                watch,
                engines,
                channels,
                silent,
                new Orphans(registry, clusters, () -> duties.hold("orphans", ground.name(), ORPHANS_LEASE)),
                new EngineLinks(registry, channels, engines));
    }

    /** What the gateways of this store, and they alone, mark their applications with. */
    private static String deployment(SharedSecrets secrets) {
        String drawn = secrets.get("deployment").join().value();
        return "torii-"
                + UUID.nameUUIDFromBytes(drawn.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 13);
    }

    /** Where engines call home; asked at each launch, since the port may be chosen late. */
    private static Supplier<List<URI>> addressOf(GatewayConfig config, HomeServer home) {
        return () -> List.of(homeOf(config.home(), home.port()));
    }

    /** Where engines call home if the gateway listens on that port. */
    static URI homeOf(HomeConfig home, int port) {
        return home.advertise().orElseGet(() -> URI.create("http://" + reachable(home.host()) + ":" + port));
    }

    private static String reachable(String host) {
        if (!host.equals("0.0.0.0") && !host.equals("::")) {
            return host.contains(":") ? "[" + host + "]" : host;
        }
        return Ground.hostName();
    }

    private static EngineLimits limitsOf(GatewayConfig config) {
        return new EngineLimits(
                config.limits().enginesPerUser(),
                config.clusters().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                ClusterConfig::name,
                                cluster -> new EngineLimits.OfCluster(
                                        cluster.limits().engines(),
                                        cluster.limits().enginesPerUser()))));
    }

    /** Often enough that the store's last news of an engine that reports is never as old as its silence may be. */
    private static Duration storedEvery(EngineConfig engine) {
        Duration third = engine.silenceLimit().dividedBy(3);
        return third.compareTo(HEARTBEATS_STORED_EVERY) < 0 ? third : HEARTBEATS_STORED_EVERY;
    }
}
