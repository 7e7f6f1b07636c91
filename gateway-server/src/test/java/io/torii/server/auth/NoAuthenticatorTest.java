package io.torii.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoAuthenticatorTest {
    private final NoAuthenticator authenticator = new NoAuthenticator();

    @Test
    void believesEveryName() {
        assertThat(authenticator.authenticate("alice", new Secret("")))
                .isCompletedWithValue(new Identity("alice", Set.of()));
        assertThat(authenticator.authenticate("alice", new Secret("anything")))
                .isCompletedWithValue(new Identity("alice", Set.of()));
        assertThat(authenticator.admitsAnyone()).isTrue();
    }

    @Test
    void whoGivesNoNameIsAnonymous() {
        assertThat(authenticator.authenticate(" ", new Secret("")))
                .isCompletedWithValue(new Identity("anonymous", Set.of()));
    }
}
