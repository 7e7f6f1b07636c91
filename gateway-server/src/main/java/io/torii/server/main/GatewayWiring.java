package io.torii.server.main;

import io.netty.util.internal.PlatformDependent;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineLimits;
import io.torii.api.placement.PlacementPolicy;
import io.torii.router.NamedClusterPolicy;
import io.torii.server.audit.AuditTrail;
import io.torii.server.audit.AuditedSessions;
import io.torii.server.audit.AuditedStatements;
import io.torii.server.auth.proxy.Impersonation;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.EngineConfig;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.HomeConfig;
import io.torii.server.config.LimitsConfig;
import io.torii.server.config.StatementConfig;
import io.torii.server.config.StoreConfig;
import io.torii.server.engine.ClusterLoads;
import io.torii.server.engine.EnginePool;
import io.torii.server.engine.EngineTokens;
import io.torii.server.engine.EngineWatch;
import io.torii.server.engine.Orphans;
import io.torii.server.engine.SilentEngines;
import io.torii.server.engine.channel.ChannelTimes;
import io.torii.server.engine.channel.ThriftLogPages;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.server.frontend.home.HomeServer;
import io.torii.server.frontend.home.HomeServerConfig;
import io.torii.server.frontend.thrift.HiveService;
import io.torii.server.frontend.thrift.ThriftBinaryServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.metrics.MeteredRegistry;
import io.torii.server.session.Bindings;
import io.torii.server.session.EarlierSubmissions;
import io.torii.server.session.EarlyEnds;
import io.torii.server.session.EngineLinks;
import io.torii.server.session.EngineSpecs;
import io.torii.server.session.HandleNews;
import io.torii.server.session.LiveSessions;
import io.torii.server.session.LostStatements;
import io.torii.server.session.OpenStatements;
import io.torii.server.session.PageBudget;
import io.torii.server.session.Placer;
import io.torii.server.session.ResultPages;
import io.torii.server.session.RoutedStatements;
import io.torii.server.session.SentStatements;
import io.torii.server.session.SessionBounds;
import io.torii.server.session.StatementRecords;
import io.torii.server.session.StatementRelay;
import io.torii.server.session.StatementSettings;
import io.torii.server.session.StatementStates;
import io.torii.server.session.StatementSubmission;
import io.torii.server.session.StoredSessions;
import io.torii.server.session.TimeLimit;
import io.torii.server.session.Timers;
import io.torii.server.session.WaitingStatements;
import io.torii.server.settings.LaunchSettings;
import io.torii.server.settings.SettingCatalog;
import io.torii.server.settings.SettingPolicy;
import io.torii.server.settings.SettingsResolver;
import io.torii.server.store.Duties;
import io.torii.server.store.SessionRepository.SessionLimits;
import io.torii.server.store.SharedSecrets;
import io.torii.server.store.sql.Database;
import io.torii.server.store.sql.DatabaseSettings;
import io.torii.server.store.sql.SqlDuties;
import io.torii.server.store.sql.SqlEngineHome;
import io.torii.server.store.sql.SqlEngineRegistry;
import io.torii.server.store.sql.SqlSessionRepository;
import io.torii.server.store.sql.SqlSharedSecrets;
import io.torii.server.store.sql.SqlStatementRepository;
import io.torii.server.time.SteadyClock;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes the gateway's objects, from the bottom to the top; nothing runs yet. */
final class GatewayWiring {
    private static final Duration STATEMENT_LEASE = Duration.ofSeconds(30);
    private static final long EARLY_ENDS_BYTES = 16 << 20;
    private static final long PAGE_BYTES = PlatformDependent.maxDirectMemory() / 2;
    private static final long SENT_BYTES = 32 << 20;
    private static final Duration TOUCH_INTERVAL = Duration.ofSeconds(10);
    private static final Duration HEARTBEATS_STORED_EVERY = Duration.ofSeconds(30);
    /** From an engine's being found silent until its cluster knows that it has ended. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(60);

    private static final Duration ORPHANS_LEASE = Duration.ofMinutes(3);
    private static final int REMEMBERED_SESSIONS = 100_000;
    private static final int LONGEST_NAME = 60;
    private static final String SERVICE_USER = "torii";
    private static final String SPARK_VERSION = "3.5.5";

    private GatewayWiring() {}

    /** Blocks until the store is ready; throws a GatewayException or an IllegalArgumentException in one sentence. */
    static Gateway wire(GatewayConfig config, Installation installation, WorkDirectory workDirectory) {
        Clock wall = Clock.systemUTC();
        Clock clock = new SteadyClock(wall, System::nanoTime);
        GatewayThreads threads = new GatewayThreads(config.store().connections());
        Timers timers = Timers.on(threads.timers);
        GatewayMetrics metrics = new GatewayMetrics();
        try {
            Database database = Database.open(databaseOf(config.store(), workDirectory.store()), threads.store);
            AdminWiring.time(database, metrics);
            SqlSessionRepository sessionRows = new SqlSessionRepository(database);
            SqlStatementRepository statementRows = new SqlStatementRepository(database);
            SqlEngineRegistry registry = new SqlEngineRegistry(database, timers, limitsOf(config));

            SqlEngineHome engineHome = new SqlEngineHome(database, registry, clock, storedEvery(config.engine()));
            // filled below: clusters tell engines where the home is, which asks them for tokens
            Map<String, ClusterBackend> clusters = new ConcurrentHashMap<>();
            HomeServer home = new HomeServer(
                    HomeServerConfig.of(
                            config.home().host(),
                            config.home().port(),
                            config.engine().heartbeatInterval()),
                    engineHome,
                    new EngineTokens(engineHome, clusters),
                    threads.loops,
                    wall);

            SharedSecrets secrets = new SqlSharedSecrets(database);
            Clusters configured = new Clusters(
                    new LocalClusters(installation, workDirectory.path(), addressOf(config, home), threads, wall),
                    new YarnClusters(
                            installation,
                            workDirectory.path(),
                            addressOf(config, home),
                            deployment(secrets),
                            threads,
                            wall));
            clusters.putAll(configured.backends(config.clusters()));
            ClusterLoads loads = new ClusterLoads(clusters, clock);
            EngineWatch watch = new EngineWatch(registry, clusters, timers);
            EnginePool engines = new EnginePool(
                    new MeteredRegistry(registry, metrics, clock),
                    clusters,
                    watch,
                    timers,
                    config.engine().launchTimeout());
            WireEngineChannels channels = new WireEngineChannels(
                    new WireConnector(threads.loops, threads.host, WireOptions.defaults()),
                    ChannelTimes.defaults(),
                    UUID.randomUUID().toString());
            SilentEngines silent = new SilentEngines(
                    engineHome,
                    channels,
                    clusters,
                    clock,
                    timers,
                    config.engine().silenceLimit());
            String name = nameOf(config);
            Duties duties = new SqlDuties(database);
            Orphans orphans = new Orphans(registry, clusters, () -> duties.hold("orphans", name, ORPHANS_LEASE));
            EngineLinks links = new EngineLinks(registry, channels, engines);

            Map<String, Set<String>> profiles = config.clusters().stream()
                    .collect(Collectors.toUnmodifiableMap(ClusterConfig::name, ClusterConfig::profileNames));
            LaunchSettings launchSettings = new LaunchSettings(List.of());
            SettingPolicy settingPolicy = new SettingPolicy(config.settings().userMaySet());
            SettingsResolver resolver = new SettingsResolver(
                    SettingCatalog.standard(),
                    settingPolicy,
                    launchSettings,
                    config.engine().shareLevel(),
                    profiles,
                    config.session().defaults());
            PlacementPolicy policy = new NamedClusterPolicy(config.router().defaultCluster());
            EngineSpecs specs = new EngineSpecs(
                    launchSettings,
                    config.engine().shareLevel(),
                    SERVICE_USER,
                    engineDefaults(config.engine(), config.statement()),
                    profiles);
            Placer placer = new Placer(policy, loads::latest, specs, engines);

            ThriftFrontends frontends = new ThriftFrontends(config, installation, threads, metrics, clock);
            Impersonation impersonation = frontends.impersonation();
            LiveSessions live =
                    new LiveSessions(sessionRows, clock, TOUCH_INTERVAL, REMEMBERED_SESSIONS, impersonation.allowed());
            Bindings bindings = new Bindings(sessionRows, live, placer, links, timers);
            StatementRecords records = new StatementRecords(statementRows);
            StatementRelay relay = new StatementRelay(live, statementRows, links);
            EarlyEnds ends = new EarlyEnds(EARLY_ENDS_BYTES);
            StatementStates states = new StatementStates(relay, ends, sessionRows, clock, timers);
            SentStatements sent = new SentStatements(SENT_BYTES);
            WaitingStatements waiting = new WaitingStatements(
                    statementRows, records, states, sent, live, bindings, links, clock, timers, name, STATEMENT_LEASE);
            LostStatements lost = new LostStatements(
                    states,
                    sent,
                    ends,
                    watch,
                    waiting,
                    sessionRows,
                    threads.host,
                    clock,
                    config.engine().silenceLimit().plus(KILLED_WITHIN));
            EarlierSubmissions earlier =
                    new EarlierSubmissions(statementRows, waiting, clock, timers, STATEMENT_LEASE.plus(TOUCH_INTERVAL));
            OpenStatements open = new OpenStatements(states, clock);
            SessionBounds bounds = boundsOf(config, settingPolicy);
            StoredSessions sessions = new StoredSessions(
                    sessionRows, live, resolver, impersonation, bindings, waiting, open, bounds, clock, timers);
            StatementSubmission submission = new StatementSubmission(
                    sessionRows,
                    live,
                    new StatementSettings(
                            resolver,
                            limit(config.statement().timeout(), SettingCatalog.STATEMENT_TIMEOUT, settingPolicy),
                            bounds.idleTimeout()),
                    waiting,
                    earlier,
                    states,
                    open,
                    sent,
                    bindings,
                    links,
                    clock,
                    config.limits().statementsPerSession());
            RoutedStatements statements = new RoutedStatements(
                    live,
                    statementRows,
                    records,
                    submission,
                    waiting,
                    lost,
                    open,
                    new HandleNews(relay, timers),
                    ends,
                    relay,
                    new ResultPages(relay, clock, new PageBudget(PAGE_BYTES, clock, timers)),
                    new ThriftLogPages(),
                    clock,
                    config.statement().idleTimeout());

            AuditTrail trail = AdminWiring.trail(config, secrets, live, statements, metrics, clock);
            AuditedStatements audited = new AuditedStatements(statements, trail, metrics);
            HiveService service =
                    frontends.service(SPARK_VERSION, new AuditedSessions(sessions, audited, trail), audited);
            ThriftBinaryServer thrift = frontends.binary(service);
            Optional<ThriftHttpServer> http = frontends.http(service, secrets);
            Admin admin = AdminWiring.admin(
                    config,
                    workDirectory.path(),
                    threads,
                    metrics,
                    new AdminWiring.Parts(
                            database, sessionRows, registry, live, engines, loads, home, service, thrift, http, trail),
                    clock);
            return new Gateway(
                    threads,
                    database,
                    home,
                    configured,
                    channels,
                    thrift,
                    http,
                    new Housekeeping(threads.timers, loads, watch, silent, orphans, sessions, statements),
                    admin);
        } catch (RuntimeException failure) {
            threads.close();
            throw failure;
        }
    }

    /** What the gateways of this store, and they alone, mark their applications with. */
    private static String deployment(SharedSecrets secrets) {
        String drawn = secrets.get("deployment").join().value();
        return "torii-"
                + UUID.nameUUIDFromBytes(drawn.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 13);
    }

    static DatabaseSettings databaseOf(StoreConfig store, Path directory) {
        return store.url()
                .map(url -> new DatabaseSettings(url, store.user(), store.password(), store.connections()))
                .orElseGet(() -> DatabaseSettings.embedded(directory.resolve("gateway"), store.connections()));
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
        return hostName();
    }

    /** Of this process: in a container, say, one after the other has the same host and pid. */
    private static String nameOf(GatewayConfig config) {
        String name = config.gateway().name().orElseGet(GatewayWiring::hostName);
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "/"
                + ProcessHandle.current().pid() + "/" + UUID.randomUUID();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static Map<String, String> engineDefaults(EngineConfig engine, StatementConfig statement) {
        return Map.of(
                "torii.engine.idle-timeout", engine.idleTimeout().toString(),
                "torii.engine.max-lifetime", engine.maxLifetime().toString(),
                "torii.engine.drain-timeout", engine.drainTimeout().toString(),
                "torii.engine.orphan-timeout", engine.orphanTimeout().toString(),
                "torii.engine.heartbeat-interval", engine.heartbeatInterval().toString(),
                "torii.engine.token-interval", engine.tokenInterval().toString(),
                "torii.engine.statement-idle-timeout", statement.idleTimeout().toString(),
                "torii.engine.result-memory",
                        Long.toString(engine.resultMemory().bytes()),
                "torii.engine.result-disk", Long.toString(engine.resultDisk().bytes()));
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

    private static TimeLimit limit(Duration limit, String setting, SettingPolicy policy) {
        return new TimeLimit(limit, policy.allows(setting));
    }

    private static SessionBounds boundsOf(GatewayConfig config, SettingPolicy policy) {
        LimitsConfig limits = config.limits();
        return new SessionBounds(
                new SessionLimits(
                        limits.sessionsPerUser(),
                        limits.sessionsPerAddress(),
                        limits.sessionsPerUserAndAddress(),
                        limits.sessions()),
                limit(config.session().idleTimeout(), SettingCatalog.SESSION_IDLE_TIMEOUT, policy),
                config.session().disconnectGrace());
    }
}
