package io.torii.server.main;

import io.netty.util.internal.PlatformDependent;
import io.torii.api.placement.PlacementPolicy;
import io.torii.router.NamedClusterPolicy;
import io.torii.server.auth.proxy.Impersonation;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.EngineConfig;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.LimitsConfig;
import io.torii.server.config.StatementConfig;
import io.torii.server.engine.channel.ThriftLogPages;
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
import io.torii.server.store.SessionRepository.SessionLimits;
import io.torii.server.store.sql.SqlSessionRepository;
import io.torii.server.store.sql.SqlStatementRepository;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes what sessions and their statements go through, on the way to their engines. */
record SessionWiring(
        SqlSessionRepository rows, LiveSessions live, StoredSessions sessions, RoutedStatements statements) {
    private static final Duration STATEMENT_LEASE = Duration.ofSeconds(30);
    private static final long EARLY_ENDS_BYTES = 16 << 20;
    private static final long PAGE_BYTES = PlatformDependent.maxDirectMemory() / 2;
    private static final long SENT_BYTES = 32 << 20;
    private static final Duration TOUCH_INTERVAL = Duration.ofSeconds(10);
    /** From an engine's being found silent until its cluster knows that it has ended. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(60);

    private static final int REMEMBERED_SESSIONS = 100_000;
    private static final String SERVICE_USER = "torii";

    /** @param impersonation who may act for whom */
    static SessionWiring of(Ground ground, EngineWiring engines, Impersonation impersonation) {
        GatewayConfig config = ground.config();
        Clock clock = ground.clock();
        Timers timers = ground.timers();
        SqlSessionRepository rows = new SqlSessionRepository(ground.database());
        SqlStatementRepository statementRows = new SqlStatementRepository(ground.database());
        EngineLinks links = engines.links();

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
        EngineSpecs specs = new EngineSpecs(
                launchSettings,
                config.engine().shareLevel(),
                SERVICE_USER,
                engineDefaults(config.engine(), config.statement()),
                profiles);
        PlacementPolicy policy = new NamedClusterPolicy(config.router().defaultCluster());
        Placer placer = new Placer(policy, engines.loads()::latest, specs, engines.engines());

        LiveSessions live = new LiveSessions(rows, clock, TOUCH_INTERVAL, REMEMBERED_SESSIONS, impersonation.allowed());
        Bindings bindings = new Bindings(rows, live, placer, links, timers);
        StatementRecords records = new StatementRecords(statementRows);
        StatementRelay relay = new StatementRelay(live, statementRows, links);
        EarlyEnds ends = new EarlyEnds(EARLY_ENDS_BYTES);
        StatementStates states = new StatementStates(relay, ends, rows, clock, timers);
        SentStatements sent = new SentStatements(SENT_BYTES);
        WaitingStatements waiting = new WaitingStatements(
                statementRows,
                records,
                states,
                sent,
                live,
                bindings,
                links,
                clock,
                timers,
                ground.name(),
                STATEMENT_LEASE);
        LostStatements lost = new LostStatements(
                states,
                sent,
                ends,
                engines.watch(),
                waiting,
                rows,
                ground.threads().host,
                clock,
                config.engine().silenceLimit().plus(KILLED_WITHIN));
        EarlierSubmissions earlier =
                new EarlierSubmissions(statementRows, waiting, clock, timers, STATEMENT_LEASE.plus(TOUCH_INTERVAL));
        OpenStatements open = new OpenStatements(states, clock);
        SessionBounds bounds = boundsOf(config, settingPolicy);
        StoredSessions sessions =
                new StoredSessions(rows, live, resolver, impersonation, bindings, waiting, open, bounds, clock, timers);
        StatementSubmission submission = new StatementSubmission(
                rows,
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
        return new SessionWiring(rows, live, sessions, statements);
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
