package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Resources;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.placement.Placement;
import io.torii.api.placement.PlacementPolicy;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementStatus;
import io.torii.server.auth.Identity;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.auth.proxy.Impersonation;
import io.torii.server.auth.proxy.ProxyUsers;
import io.torii.server.engine.EngineEnds;
import io.torii.server.engine.FakeEngines;
import io.torii.server.settings.LaunchSettings;
import io.torii.server.settings.SettingCatalog;
import io.torii.server.settings.SettingPolicy;
import io.torii.server.settings.SettingsResolver;
import io.torii.server.store.FakeSessionRepository;
import io.torii.server.store.FakeStatementRepository;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One gateway's sessions and statements, over a world that several can share. */
final class TestGateway {
    static final Caller ALICE = new Caller(new Identity("alice", Set.of("analysts")), "10.0.0.1");
    static final Caller BOB = new Caller(new Identity("bob", Set.of()), "10.0.0.2");
    static final Duration GRACE = Duration.ofSeconds(30);
    static final Duration IDLE = Duration.ofHours(6);
    static final Duration PATIENCE = Duration.ofSeconds(90);
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Map<String, Set<String>> CLUSTERS = Map.of("local", Set.of(), "mars", Set.of());

    /** What gateways share. */
    static final class World {
        final FakeTime time = new FakeTime();
        final FakeSessionRepository sessions = new FakeSessionRepository();
        final FakeStatementRepository statements = new FakeStatementRepository(time);
        final FakeEngines engines = new FakeEngines();
        SessionLimits limits = new SessionLimits(0, 0, 0, 0);
        EngineEnds engineEnds = engine -> CompletableFuture.completedFuture(Optional.empty());
        int statementsPerSession;
        ProxyUsers proxyUsers = ProxyUsers.NONE;
        List<String> usersMaySet = List.of();
        long pageBytes = 4 * ResultPages.AHEAD_BYTES;
        long sentBytes = 1 << 20;
        Duration statementTimeout = Duration.ZERO;

        World() {
            sessions.statementsWait(statements::waitsIn);
        }

        PlacementPolicy policy =
                (request, clusters) -> Placement.on(request.cluster().orElse("local"), "Cluster local is the default");
    }

    final StoredSessions sessions;
    final RoutedStatements statements;
    final PageBudget budget;
    final ResultPages results;
    final LiveSessions live;
    private final World world;

    TestGateway(World world, String name) {
        this.world = world;
        LaunchSettings launch = new LaunchSettings(List.of());
        SettingPolicy policy = new SettingPolicy(world.usersMaySet);
        SettingsResolver resolver =
                new SettingsResolver(SettingCatalog.standard(), policy, launch, ShareLevel.USER, CLUSTERS, Map.of());
        TimeLimit idle = new TimeLimit(IDLE, policy.allows(SettingCatalog.SESSION_IDLE_TIMEOUT));
        TimeLimit timeout = new TimeLimit(world.statementTimeout, policy.allows(SettingCatalog.STATEMENT_TIMEOUT));
        live = new LiveSessions(world.sessions, world.time, Duration.ofSeconds(10), 100, world.proxyUsers);
        EngineLinks links = new EngineLinks(world.engines.registry(), world.engines, world.engines);
        Placer placer = new Placer(
                (request, clusters) -> world.policy.place(request, clusters),
                () -> List.of(ClusterSnapshot.of("local", "", Resources.NONE, Resources.NONE, 0, Instant.EPOCH)),
                new EngineSpecs(launch, ShareLevel.USER, "torii", Map.of(), CLUSTERS),
                world.engines);
        Bindings bindings = new Bindings(world.sessions, live, placer, links, world.time);
        StatementRecords records = new StatementRecords(world.statements);
        StatementRelay relay = new StatementRelay(live, world.statements, links);
        EarlyEnds ends = new EarlyEnds(10_000);
        StatementStates states = new StatementStates(relay, ends, world.sessions, world.time, world.time);
        SentStatements sent = new SentStatements(world.sentBytes);
        WaitingStatements waiting = new WaitingStatements(
                world.statements, records, states, sent, live, bindings, links, world.time, world.time, name, LEASE);
        LostStatements lost = new LostStatements(
                states,
                sent,
                ends,
                engine -> world.engineEnds.why(engine),
                waiting,
                world.sessions,
                Runnable::run,
                world.time,
                PATIENCE);
        EarlierSubmissions earlier =
                new EarlierSubmissions(world.statements, waiting, world.time, world.time, LEASE.plusSeconds(10));
        OpenStatements open = new OpenStatements(states, world.time);
        sessions = new StoredSessions(
                world.sessions,
                live,
                resolver,
                new Impersonation(world.proxyUsers, new NoAuthenticator()),
                bindings,
                waiting,
                open,
                new SessionBounds(world.limits, idle, GRACE),
                world.time,
                world.time);
        budget = new PageBudget(world.pageBytes, world.time, world.time);
        results = new ResultPages(relay, world.time, budget);
        statements = new RoutedStatements(
                live,
                world.statements,
                records,
                new StatementSubmission(
                        world.sessions,
                        live,
                        new StatementSettings(resolver, timeout, idle),
                        waiting,
                        earlier,
                        states,
                        open,
                        sent,
                        bindings,
                        links,
                        world.time,
                        world.statementsPerSession),
                waiting,
                lost,
                open,
                new HandleNews(relay, world.time),
                ends,
                relay,
                results,
                (lines, protocol) -> Unpooled.copiedBuffer(String.join("\n", lines), StandardCharsets.UTF_8),
                world.time,
                Duration.ofHours(3));
    }

    Session open(Map<String, String> settings) {
        return now(sessions.open(new SessionRequest(ALICE, 9, settings, "test")));
    }

    SessionId open() {
        return open(Map.of()).id();
    }

    StatementId submit(SessionId session, String sql) {
        return now(statements.submit(session, ALICE, new StatementRequest(sql, Map.of(), Optional.empty())));
    }

    StatementStatus status(StatementId id) {
        return now(statements.status(id, ALICE, Duration.ZERO));
    }

    String log(StatementId id, FetchRequest.Orientation from) {
        return text(statements.fetch(id, ALICE, new FetchRequest(FetchRequest.Content.LOG, from, 100)));
    }

    String rows(StatementId id) {
        return text(statements.fetch(
                id, ALICE, new FetchRequest(FetchRequest.Content.ROWS, FetchRequest.Orientation.NEXT, 7)));
    }

    String schema(StatementId id) {
        return text(statements.schema(id, ALICE));
    }

    void tick() {
        sessions.tick();
        statements.tick();
    }

    World world() {
        return world;
    }

    static String text(CompletableFuture<Body> body) {
        return now(now(body).next()).orElseThrow().toString(StandardCharsets.UTF_8);
    }

    /** The value, which must be there already: nothing here waits. */
    static <T> T now(CompletableFuture<T> future) {
        if (!future.isDone()) {
            throw new AssertionError("still waiting");
        }
        return future.join();
    }

    static void assertFails(CompletableFuture<?> call, ErrorCode code) {
        assertThat(call).isCompletedExceptionally();
        assertThatThrownBy(call::join).satisfies(failure -> assertThat(Failures.of(failure))
                .extracting(GatewayException::code)
                .isEqualTo(code));
    }
}
