package io.torii.server.auth.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyUsersTest {
    private static final String HERE = "10.1.2.3";

    private final ProxyUsers list = new ProxyUsers(
            List.of(
                    rule("hue", "10.1.0.0/16", Set.of("alice"), Set.of("analysts")),
                    rule("airflow", "*", Set.of("*"), Set.of()),
                    rule("livy", "*", Set.of(), Set.of("*")),
                    rule("keeper", "*", Set.of("torii"), Set.of())),
            Set.of("torii/gate@TORII.TEST", "svc"));

    @Test
    void whatIsOnTheListIsAllowedAndNothingElse() {
        assertThat(list.allow("hue", HERE, "alice", Set.of())).isTrue();
        assertThat(list.allow("hue", HERE, "bob", Set.of("analysts", "x"))).isTrue();
        assertThat(list.allow("hue", HERE, "bob", Set.of("builders"))).isFalse();
        assertThat(list.allow("hue", HERE, "bob", Set.of())).isFalse();
        assertThat(list.allow("alice", HERE, "hue", Set.of())).isFalse();
        assertThat(ProxyUsers.NONE.allow("hue", HERE, "alice", Set.of())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.2.0.1", "127.0.0.1", "::1", "", "10.1.2.3, 10.2.0.1", "gate"})
    void fromElsewhereNothingIsAllowed(String address) {
        assertThat(list.allow("hue", address, "alice", Set.of("analysts"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Alice", "ALICE", "alice ", " alice", "alice@EXAMPLE.COM", "alice/host", "аlice", "alice\u0000"})
    void namesAreComparedLetterByLetter(String user) {
        assertThat(list.allow("hue", HERE, user, Set.of())).isFalse();
        assertThat(list.allow("hue", HERE, "bob", Set.of(user, "Analysts"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hue", "HUE", "hue ", "hue@EXAMPLE.COM", "*", ""})
    void soAreLogins(String login) {
        assertThat(list.allow(login, HERE, "alice", Set.of("analysts"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"torii", "TORII", "torii@EXAMPLE.COM", "torii/gate@EXAMPLE.COM"})
    void anybodyIsNotTheGatewaysOwnUser(String own) {
        assertThat(list.allow("airflow", HERE, own, Set.of())).isFalse();
        assertThat(list.allow("livy", HERE, own, Set.of("services"))).isFalse();
        assertThat(list.allow("airflow", HERE, "dave", Set.of())).isTrue();
    }

    @Test
    void whoeverIsNamedIsMeant() {
        assertThat(list.allow("keeper", HERE, "torii", Set.of())).isTrue();
    }

    @Test
    void anyGroupIsAGroup() {
        assertThat(list.allow("livy", HERE, "dave", Set.of("x"))).isTrue();
        assertThat(list.allow("livy", HERE, "dave", Set.of())).isFalse();
    }

    private static ProxyUsers.Rule rule(String login, String host, Set<String> users, Set<String> groups) {
        return new ProxyUsers.Rule(login, Set.of(host), users, groups);
    }
}
