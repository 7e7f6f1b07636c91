package io.torii.engine.yarn.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProxyAdviceTest {
    @Test
    void tellsAHostThatIsNotAllowedFromAUserWhoIsNot() {
        assertThat(ProxyAdvice.of("torii", "alice", "Unauthorized connection for super-user: torii from IP 10.0.0.1"))
                .startsWith(
                        "add this host to hadoop.proxyuser.torii.hosts in the core-site.xml of ResourceManager and");
        assertThat(ProxyAdvice.of("torii", "alice", "User: torii is not allowed to impersonate alice"))
                .startsWith("set hadoop.proxyuser.torii.hosts and hadoop.proxyuser.torii.groups in the core-site.xml")
                .endsWith("if it may act for some users and alice is none of them, name one with --user");
    }

    @Test
    void doesNotGuess() {
        assertThat(ProxyAdvice.of("torii", "alice", "Server not found in Kerberos database"))
                .isEqualTo("see the server's log");
    }
}
