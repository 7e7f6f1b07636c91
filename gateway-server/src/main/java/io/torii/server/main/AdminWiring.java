package io.torii.server.main;

import io.netty.util.internal.PlatformDependent;
import io.torii.api.Secret;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.admin.AdminPages;
import io.torii.server.admin.AdminServer;
import io.torii.server.admin.AdminToken;
import io.torii.server.admin.Health;
import io.torii.server.admin.SharedCheck;
import io.torii.server.admin.StatusPage;
import io.torii.server.audit.AuditTrail;
import io.torii.server.audit.AuditTrail.SessionLookup;
import io.torii.server.audit.AuditTrail.Stage;
import io.torii.server.audit.SqlText;
import io.torii.server.config.AuditConfig;
import io.torii.server.config.GatewayConfig;
import io.torii.server.engine.ClusterLoads;
import io.torii.server.engine.EnginePool;
import io.torii.server.frontend.home.HomeServer;
import io.torii.server.frontend.thrift.HiveService;
import io.torii.server.frontend.thrift.ThriftBinaryServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.metrics.Metric;
import io.torii.server.metrics.StoreSamples;
import io.torii.server.session.LiveSessions;
import io.torii.server.session.Statements;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SharedSecrets;
import io.torii.server.store.sql.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what administrators see of a gateway: metrics, health, status and the audit log. */
final class AdminWiring {
    private static final Logger AUDIT = LoggerFactory.getLogger("io.torii.audit");
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(2);
    private static final Duration HEALTH_KEPT = Duration.ofSeconds(1);
    private static final String DIGEST_KEY = "audit-digest";
    private static final String BINARY = "thrift-binary";
    private static final String HTTP = "thrift-http";

    private AdminWiring() {}

    /** The parts of a gateway that can be looked at. */
    record Parts(
            Database database,
            SessionRepository sessions,
            EngineRegistry registry,
            LiveSessions live,
            EnginePool engines,
            ClusterLoads loads,
            HomeServer home,
            HiveService service,
            ThriftBinaryServer thrift,
            Optional<ThriftHttpServer> http,
            AuditTrail trail) {}

    /** From now on the store's answers are timed. */
    static void time(Database database, GatewayMetrics metrics) {
        database.observe((took, failure) ->
                metrics.storeAnswered(failure.map(AdminWiring::outcome).orElse("done"), took));
    }

    /** A trail that hears of every session's end. Blocks until the store has the key of its digests. */
    static AuditTrail trail(
            GatewayConfig config,
            SharedSecrets secrets,
            LiveSessions live,
            Statements statements,
            GatewayMetrics metrics,
            Clock clock) {
        AuditTrail trail = new AuditTrail(
                new SessionLookup(live::engineOf, live::knows, live::userOf),
                (id, caller) -> statements.status(id, caller, Duration.ZERO),
                line -> AUDIT.info(line),
                sqlText(config.audit(), digestKey(secrets)),
                config.statement().idleTimeout(),
                metrics,
                clock);
        live.whenGone(trail::sessionEnded);
        return trail;
    }

    /** Fails with an IllegalArgumentException if the token cannot be written to the directory. */
    static Admin admin(
            GatewayConfig config,
            Path workDirectory,
            GatewayThreads threads,
            GatewayMetrics metrics,
            Parts parts,
            Clock clock) {
        AtomicBoolean ending = new AtomicBoolean();
        StoreSamples samples = new StoreSamples(parts.sessions(), parts.registry());
        gauges(metrics, parts, samples, config, clock);
        Health health = health(parts, ending);
        Optional<AdminServer> server = config.admin().enabled()
                ? Optional.of(server(config, workDirectory, metrics, parts, health))
                : Optional.empty();
        return new Admin(server, parts.trail(), metrics, samples, threads.timers, ending);
    }

    private static AdminServer server(
            GatewayConfig config, Path workDirectory, GatewayMetrics metrics, Parts parts, Health health) {
        AdminToken token;
        try {
            token = AdminToken.create(workDirectory);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The token for /status cannot be written to " + workDirectory + ": " + e.getMessage(), e);
        }
        StatusPage status = new StatusPage(
                new StatusPage.Here(
                        new GatewayMain.Version().getVersion()[0],
                        () -> ports(parts),
                        () -> connections(parts),
                        () -> statements(parts.trail()),
                        parts.live()::rows,
                        parts.loads()::latest,
                        GatewayMetrics::directMemoryUsed,
                        PlatformDependent::maxDirectMemory),
                parts.sessions(),
                parts.registry(),
                health);
        return new AdminServer(
                config.admin().host(),
                config.admin().port(),
                new AdminPages(health, metrics::scrape, status::page, token));
    }

    private static void gauges(
            GatewayMetrics metrics, Parts parts, StoreSamples samples, GatewayConfig config, Clock clock) {
        metrics.gauge(Metric.SESSIONS_OPEN, samples::openSessions);
        metrics.gauge(Metric.SESSIONS_KNOWN, parts.live()::size);
        metrics.gauge(Metric.CONNECTIONS, parts.thrift()::connections, "frontend", BINARY);
        parts.http().ifPresent(http -> metrics.gauge(Metric.CONNECTIONS, http::connections, "frontend", HTTP));
        metrics.gauge(Metric.MESSAGES_HELD, parts.service()::heldBytes);
        metrics.gauge(Metric.ENGINES_AWAITED, parts.engines()::awaited);
        for (Stage stage : Stage.values()) {
            metrics.gauge(Metric.STATEMENTS_OPEN, () -> parts.trail().count(stage), "state", label(stage));
        }
        config.clusters().forEach(cluster -> {
            String name = cluster.name();
            metrics.gauge(Metric.ENGINES, () -> samples.engines(name), "cluster", name);
            metrics.gauge(
                    Metric.CLUSTER_HEALTHY,
                    () -> snapshot(parts.loads(), name)
                                    .filter(ClusterSnapshot::healthy)
                                    .isPresent()
                            ? 1
                            : 0,
                    "cluster",
                    name);
            metrics.gauge(
                    Metric.CLUSTER_LOAD_AGE,
                    () -> snapshot(parts.loads(), name)
                            .map(snapshot -> Duration.between(snapshot.takenAt(), clock.instant())
                                            .toMillis()
                                    / 1_000d)
                            .orElse(Double.NaN),
                    "cluster",
                    name);
        });
    }

    private static Map<String, Integer> connections(Parts parts) {
        Map<String, Integer> connections =
                new HashMap<>(Map.of(BINARY, parts.thrift().connections()));
        parts.http().ifPresent(http -> connections.put(HTTP, http.connections()));
        return connections;
    }

    private static Health health(Parts parts, AtomicBoolean ending) {
        return new Health(
                List.of(
                        new Health.Part("gateway", unless(() -> !ending.get(), "The gateway is ending")),
                        new Health.Part("store", storeOf(parts.database())),
                        new Health.Part(
                                BINARY,
                                unless(
                                        parts.thrift()::isListening,
                                        "Clients cannot connect: the Thrift port is not open")),
                        new Health.Part(
                                HTTP,
                                unless(
                                        () -> parts.http()
                                                .map(ThriftHttpServer::isListening)
                                                .orElse(true),
                                        "Clients cannot connect over HTTP: that port is not open")),
                        new Health.Part(
                                "home",
                                unless(parts.home()::isListening, "Engines cannot call home: their port is not open"))),
                HEALTH_LIMIT);
    }

    private static Health.Check storeOf(Database database) {
        return new SharedCheck(
                () -> database.ping().thenApply(answered -> Optional.empty()), HEALTH_KEPT, System::nanoTime);
    }

    private static Health.Check unless(BooleanSupplier well, String problem) {
        return () -> CompletableFuture.completedFuture(well.getAsBoolean() ? Optional.empty() : Optional.of(problem));
    }

    private static Map<String, Integer> ports(Parts parts) {
        Map<String, Integer> ports = new HashMap<>();
        if (parts.thrift().isListening()) {
            ports.put("thrift", parts.thrift().port());
        }
        parts.http().filter(ThriftHttpServer::isListening).ifPresent(http -> ports.put("thrift-http", http.port()));
        if (parts.home().isListening()) {
            ports.put("home", parts.home().port());
        }
        return ports;
    }

    private static Map<String, Long> statements(AuditTrail trail) {
        Map<String, Long> statements = new HashMap<>();
        for (Stage stage : Stage.values()) {
            statements.put(label(stage), trail.count(stage));
        }
        return statements;
    }

    private static Optional<ClusterSnapshot> snapshot(ClusterLoads loads, String cluster) {
        return loads.latest().stream()
                .filter(snapshot -> snapshot.cluster().equals(cluster))
                .findFirst();
    }

    private static SqlText sqlText(AuditConfig audit, Secret key) {
        SqlText.Extent extent =
                switch (audit.sql()) {
                    case FULL -> SqlText.Extent.FULL;
                    case TRUNCATED -> SqlText.Extent.TRUNCATED;
                    case NONE -> SqlText.Extent.NONE;
                };
        return new SqlText(
                extent, audit.sqlLength(), Pattern.compile(audit.redact().orElse(SqlText.SECRETS)), key);
    }

    private static Secret digestKey(SharedSecrets secrets) {
        try {
            return secrets.get(DIGEST_KEY).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof GatewayException problem ? problem : e;
        }
    }

    private static String outcome(Throwable failure) {
        Throwable cause =
                failure.getCause() == null || failure instanceof GatewayException ? failure : failure.getCause();
        return cause instanceof GatewayException known && known.code() != ErrorCode.STORE_UNAVAILABLE
                ? "refused"
                : "failed";
    }

    private static String label(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
