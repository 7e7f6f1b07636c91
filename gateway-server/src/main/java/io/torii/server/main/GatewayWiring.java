package io.torii.server.main;

import io.torii.server.audit.AuditTrail;
import io.torii.server.audit.AuditedSessions;
import io.torii.server.audit.AuditedStatements;
import io.torii.server.config.GatewayConfig;
import io.torii.server.frontend.thrift.HiveService;
import io.torii.server.frontend.thrift.ThriftBinaryServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.metrics.GatewayMetrics;
import java.util.Optional;

/** Makes the gateway's objects, from the bottom to the top; nothing runs yet. */
final class GatewayWiring {
    private static final String SPARK_VERSION = "3.5.5";

    private GatewayWiring() {}

    /** Blocks until the store is ready; throws a GatewayException or an IllegalArgumentException in one sentence. */
    static Gateway wire(GatewayConfig config, Installation installation, WorkDirectory workDirectory) {
        GatewayThreads threads = new GatewayThreads(config.store().connections());
        try {
            Ground ground = Ground.of(config, threads, workDirectory.store());
            GatewayMetrics metrics = ground.metrics();
            EngineWiring engines = EngineWiring.of(ground, installation, workDirectory);
            ThriftFrontends frontends = new ThriftFrontends(config, installation, threads, metrics, ground.clock());
            SessionWiring sessions = SessionWiring.of(ground, engines, frontends.impersonation());

            AuditTrail trail = AdminWiring.trail(
                    config, ground.secrets(), sessions.live(), sessions.statements(), metrics, ground.clock());
            AuditedStatements audited = new AuditedStatements(sessions.statements(), trail, metrics);
            HiveService service =
                    frontends.service(SPARK_VERSION, new AuditedSessions(sessions.sessions(), audited, trail), audited);
            ThriftBinaryServer thrift = frontends.binary(service);
            Optional<ThriftHttpServer> http = frontends.http(service, ground.secrets());
            Admin admin = AdminWiring.admin(
                    config,
                    workDirectory.path(),
                    threads,
                    metrics,
                    new AdminWiring.Parts(
                            ground.database(),
                            sessions.rows(),
                            engines.registry(),
                            sessions.live(),
                            engines.engines(),
                            engines.loads(),
                            engines.home(),
                            service,
                            thrift,
                            http,
                            trail),
                    ground.clock());
            return new Gateway(
                    threads,
                    ground.database(),
                    engines.home(),
                    engines.configured(),
                    engines.channels(),
                    thrift,
                    http,
                    new Housekeeping(
                            threads.timers,
                            engines.loads(),
                            engines.watch(),
                            engines.silent(),
                            engines.orphans(),
                            sessions.sessions(),
                            sessions.statements()),
                    admin);
        } catch (RuntimeException failure) {
            threads.close();
            throw failure;
        }
    }
}
