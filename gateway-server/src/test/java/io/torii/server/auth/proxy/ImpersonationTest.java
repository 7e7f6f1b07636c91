package io.torii.server.auth.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImpersonationTest {
    private static final Identity HUE = new Identity("hue", Set.of("services"));
    private static final String HERE = "10.1.2.3";
    private static final String HINT = "; an administrator can allow it in authentication.proxy-users";

    private final ProxyUsers list = new ProxyUsers(
            List.of(new ProxyUsers.Rule("hue", Set.of(HERE), Set.of("alice", "gone"), Set.of("analysts"))),
            Set.of("torii"));
    private final Users users = new Users();
    private final Impersonation impersonation = new Impersonation(list, users);

    @Test
    void theOtherUserComesWithTheirOwnGroups() {
        users.known.put("alice", new Identity("alice", Set.of("bi")));
        users.known.put("bob", new Identity("bob", Set.of("analysts")));

        assertThat(impersonation.of("alice", HUE, HERE)).isCompletedWithValue(new Identity("alice", Set.of("bi")));
        assertThat(impersonation.of("bob", HUE, HERE)).isCompletedWithValue(new Identity("bob", Set.of("analysts")));
    }

    @Test
    void theNameIsThatOfTheDirectory() {
        users.known.put("ALICE", new Identity("alice", Set.of()));
        users.known.put("Alice B", new Identity("aliceb", Set.of()));

        assertThat(impersonation.of("ALICE", HUE, HERE)).isCompletedWithValue(new Identity("alice", Set.of()));
        assertRefused(impersonation.of("Alice B", HUE, HERE), "User hue may not act for Alice B from 10.1.2.3" + HINT);
    }

    @Test
    void whoIsNoUserIsRefusedLikeWhoIsNotOnTheList() {
        users.known.put("carol", new Identity("carol", Set.of()));

        assertRefused(impersonation.of("gone", HUE, HERE), "User hue may not act for gone from 10.1.2.3" + HINT);
        assertRefused(impersonation.of("carol", HUE, HERE), "User hue may not act for carol from 10.1.2.3" + HINT);
    }

    @Test
    void whereGroupsCannotBeKnownOnlyNamesCountAndTheRefusalSaysSo() {
        users.blind = true;

        assertThat(impersonation.of("alice", HUE, HERE)).isCompletedWithValue(new Identity("alice", Set.of()));
        assertRefused(
                impersonation.of("bob", HUE, HERE),
                "User hue may not act for bob from 10.1.2.3"
                        + " (groups of users who have not logged in cannot be known here)" + HINT);
    }

    @Test
    void whoMayActForNobodyHereLearnsNothingOfUsers() {
        assertRefused(
                impersonation.of("alice", HUE, "10.9.9.9"), "User hue may not act for alice from 10.9.9.9" + HINT);
        assertRefused(
                impersonation.of("alice", new Identity("mallory", Set.of("analysts")), HERE),
                "User mallory may not act for alice from 10.1.2.3" + HINT);
        assertThat(users.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " alice", "alice\n", "a\u0000"})
    void whatIsNoNameIsRefusedUnasked(String name) {
        users.blind = true;

        assertThat(failure(impersonation.of(name, HUE, HERE)).code()).isEqualTo(ErrorCode.SETTING_DENIED);
        assertThat(users.asked).isEmpty();
    }

    @Test
    void aDirectoryThatIsAwayIsNoRefusal() {
        users.away = true;

        assertThat(failure(impersonation.of("alice", HUE, HERE)).code())
                .isEqualTo(ErrorCode.AUTHENTICATION_UNAVAILABLE);
    }

    private static void assertRefused(CompletableFuture<Identity> other, String message) {
        GatewayException refusal = failure(other);
        assertThat(refusal.code()).isEqualTo(ErrorCode.SETTING_DENIED);
        assertThat(refusal).hasMessage(message);
    }

    private static GatewayException failure(CompletableFuture<Identity> other) {
        Throwable failure = other.handle((identity, problem) -> problem).join();
        return (GatewayException) (failure instanceof GatewayException ? failure : failure.getCause());
    }

    /** Users of whom this knows, none of whom logs in. */
    private static final class Users implements Authenticator {
        private final Map<String, Identity> known = new HashMap<>();
        private final List<String> asked = new ArrayList<>();
        private boolean blind;
        private boolean away;

        @Override
        public CompletableFuture<Identity> authenticate(String user, Secret password) {
            return CompletableFuture.failedFuture(new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "no"));
        }

        @Override
        public CompletableFuture<Optional<Identity>> find(String user) {
            asked.add(user);
            if (blind) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            if (away || !known.containsKey(user)) {
                return CompletableFuture.failedFuture(new GatewayException(
                        away ? ErrorCode.AUTHENTICATION_UNAVAILABLE : ErrorCode.AUTHENTICATION_FAILED, "no"));
            }
            return CompletableFuture.completedFuture(Optional.of(known.get(user)));
        }

        @Override
        public boolean admitsAnyone() {
            return false;
        }
    }
}
