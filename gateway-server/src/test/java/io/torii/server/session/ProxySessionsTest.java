package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.assertFails;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.server.auth.Identity;
import io.torii.server.auth.proxy.ProxyUsers;
import io.torii.server.session.TestGateway.World;
import io.torii.server.settings.SessionSettings;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that one user opens for another. */
class ProxySessionsTest {
    private static final Caller HUE = new Caller(new Identity("hue", Set.of("services")), "10.1.2.3");
    private static final Caller HUE_ELSEWHERE = new Caller(HUE.identity(), "10.9.9.9");
    private static final Map<String, String> FOR_ALICE = Map.of("hive.server2.proxy.user", "alice");

    private final World world = new World();
    private final TestGateway gateway = allowing(Set.of("alice", "dave"));
    private final TestGateway other = new TestGateway(world, "two");

    private TestGateway allowing(Set<String> users) {
        world.proxyUsers = new ProxyUsers(
                List.of(new ProxyUsers.Rule("hue", Set.of("10.1.0.0/16"), users, Set.of())), Set.of("torii"));
        return new TestGateway(world, "one");
    }

    @Test
    void aSessionForAnotherIsTheirsButForItsLogin() {
        Session session = now(open(HUE, FOR_ALICE));

        assertThat(session.user()).isEqualTo("alice");
        assertThat(session.login()).isEqualTo("hue");
        assertThat(new SessionSettings(session.settings()).groups())
                .as("nobody's groups but the other's")
                .isEmpty();
    }

    @Test
    void theLoginGoesOnWithItAtAnyGateway() {
        Session session = now(open(HUE, FOR_ALICE));

        assertThat(now(gateway.sessions.require(session.id(), HUE)).user()).isEqualTo("alice");
        assertThat(now(other.sessions.require(session.id(), HUE)).login()).isEqualTo("hue");
        now(other.sessions.close(session.id(), HUE));
    }

    @Test
    void nobodyElseDoesNotEvenTheUser() {
        Session session = now(open(HUE, FOR_ALICE));
        Session ofAlice = now(open(ALICE, Map.of()));

        for (TestGateway one : List.of(gateway, other)) {
            assertFails(one.sessions.require(session.id(), ALICE), ErrorCode.NOT_THE_OWNER);
            assertFails(one.sessions.require(session.id(), BOB), ErrorCode.NOT_THE_OWNER);
            assertFails(one.sessions.close(session.id(), ALICE), ErrorCode.NOT_THE_OWNER);
            assertFails(one.sessions.require(ofAlice.id(), HUE), ErrorCode.NOT_THE_OWNER);
        }
    }

    @Test
    void itIsUsedFromWhereItMayBeOpenedOnly() {
        Session session = now(open(HUE, FOR_ALICE));

        assertFails(open(HUE_ELSEWHERE, FOR_ALICE), ErrorCode.SETTING_DENIED);
        assertFails(gateway.sessions.require(session.id(), HUE_ELSEWHERE), ErrorCode.SETTING_DENIED);
        assertFails(other.sessions.close(session.id(), HUE_ELSEWHERE), ErrorCode.SETTING_DENIED);
    }

    @Test
    void whatIsTakenOffTheListEndsTheUseOfWhatIsOpen() {
        Session session = now(open(HUE, FOR_ALICE));
        TestGateway restarted = allowing(Set.of("dave"));

        assertFails(restarted.sessions.require(session.id(), HUE), ErrorCode.SETTING_DENIED);
    }

    @Test
    void whoAsksForThemselvesIsThemselves() {
        Session session = now(open(BOB, Map.of("set:hiveconf:hive.server2.proxy.user", " bob ")));

        assertThat(session.login()).isEqualTo(session.user()).isEqualTo("bob");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hive.server2.proxy.user",
                "HIVE.Server2.Proxy.User",
                "set:hiveconf:hive.server2.proxy.user",
                "set:hivevar:hive.server2.proxy.user",
                "kyuubi.session.proxy.user",
                "hiveconf:kyuubi.session.proxy.user"
            })
    void everyNameOfTheSettingAsks(String name) {
        assertThat(now(open(HUE, Map.of(name, "alice"))).user()).isEqualTo("alice");
        assertFails(open(HUE, Map.of(name, "bob")), ErrorCode.SETTING_DENIED);
        assertFails(open(HUE, Map.of(name, "")), ErrorCode.SETTING_DENIED);
        assertFails(open(BOB, Map.of(name, "alice")), ErrorCode.SETTING_DENIED);
    }

    @Test
    void whoAsksForTwoIsRefused() {
        assertFails(
                open(HUE, Map.of("hive.server2.proxy.user", "alice", "HIVE.SERVER2.PROXY.USER", "root")),
                ErrorCode.SETTING_INVALID);
        assertFails(
                open(HUE, Map.of("hive.server2.proxy.user", "alice", "kyuubi.session.proxy.user", "hue")),
                ErrorCode.SETTING_INVALID);
    }

    @Test
    void theOthersLimitsHold() {
        world.limits = new SessionLimits(1, 0, 0, 0);
        TestGateway limited = allowing(Set.of("alice", "dave"));
        now(limited.sessions.open(new SessionRequest(HUE, 9, FOR_ALICE, "test")));

        assertFails(limited.sessions.open(new SessionRequest(ALICE, 9, Map.of(), "test")), ErrorCode.TOO_MANY_SESSIONS);
        now(limited.sessions.open(new SessionRequest(HUE, 9, Map.of("hive.server2.proxy.user", "dave"), "test")));
    }

    @Test
    void whomItIsForIsDecidedOnce() {
        Session session = now(open(HUE, FOR_ALICE));

        assertFails(submit(session, "SET hive.server2.proxy.user=dave", Map.of()), ErrorCode.SETTING_DENIED);
        assertFails(submit(session, "set Hive.Server2.Proxy.User = hue", Map.of()), ErrorCode.SETTING_DENIED);
        assertFails(submit(session, "SELECT 1", Map.of("hive.server2.proxy.user", "dave")), ErrorCode.SETTING_DENIED);
        assertThat(submit(session, "SET hive.server2.proxy.user=alice", Map.of()))
                .isCompleted();
    }

    @Test
    void theEngineIsTheOthers() {
        Session session = now(open(HUE, FOR_ALICE));
        now(submit(session, "SELECT 1", Map.of()));

        assertThat(world.engines.last().session(session.id()).orElseThrow().user())
                .isEqualTo("alice");
    }

    private CompletableFuture<Session> open(Caller caller, Map<String, String> settings) {
        return gateway.sessions.open(new SessionRequest(caller, 9, settings, "test"));
    }

    private CompletableFuture<?> submit(Session session, String sql, Map<String, String> overlay) {
        return gateway.statements.submit(session.id(), HUE, new StatementRequest(sql, overlay, Optional.empty()));
    }
}
