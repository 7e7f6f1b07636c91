package io.torii.server.frontend.thrift.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.server.auth.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginCookiesTest {
    private static final Secret KEY = new Secret("key");
    private static final Identity ALICE = new Identity("älice", Set.of("etl", "admins"));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final LoginCookies cookies = cookies(KEY, "LDAP", NOW);

    private static LoginCookies cookies(Secret key, String authentication, Instant now) {
        return new LoginCookies(key, authentication, Duration.ofHours(1), Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void saysWhoHasLoggedInAndInWhichGroupsTheyAre() {
        String value = cookies.of(ALICE).orElseThrow();

        assertThat(cookies.identity(value)).contains(ALICE);
        assertThat(value).matches("[A-Za-z0-9_.-]+");
    }

    @Test
    void anotherGatewayWithTheSameKeyBelievesIt() {
        assertThat(cookies(KEY, "LDAP", NOW).identity(cookies.of(ALICE).orElseThrow()))
                .contains(ALICE);
    }

    @Test
    void countsUntilItsTimeIsOver() {
        String value = cookies.of(ALICE).orElseThrow();

        assertThat(cookies(KEY, "LDAP", NOW.plusSeconds(3599)).identity(value)).contains(ALICE);
        assertThat(cookies(KEY, "LDAP", NOW.plusSeconds(3600)).identity(value)).isEmpty();
    }

    @Test
    void isWorthNothingUnderAnotherKeyOrAnotherAuthentication() {
        String value = cookies.of(ALICE).orElseThrow();

        assertThat(cookies(new Secret("other"), "LDAP", NOW).identity(value)).isEmpty();
        assertThat(cookies(KEY, "FILE", NOW).identity(value)).isEmpty();
    }

    @Test
    void isWorthNothingOnceASingleLetterIsChanged() {
        String value = cookies.of(ALICE).orElseThrow();

        for (int at = 0; at < value.length() - 1; at++) { // the last letter has bits that mean nothing
            char other = value.charAt(at) == 'A' ? 'B' : 'A';
            String forged = value.substring(0, at) + other + value.substring(at + 1);
            boolean lastOfContent = value.charAt(at + 1) == '.';
            if (!lastOfContent) {
                assertThat(cookies.identity(forged)).as(forged).isEmpty();
            }
        }
    }

    @Test
    void nonsenseIsNobody() {
        for (String nonsense : new String[] {"", ".", "a.b", "%%%.%%%", "x".repeat(10_000) + ".x", "no dot"}) {
            assertThat(cookies.identity(nonsense)).as(nonsense).isEmpty();
        }
    }

    @Test
    void thereIsNoneForWhoIsInMoreGroupsThanAHeaderHolds() {
        Set<String> groups =
                IntStream.range(0, 1_000).mapToObj(i -> "group-" + i).collect(Collectors.toSet());

        assertThat(cookies.of(new Identity("alice", groups))).isEmpty();
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(cookies.of(ALICE)).isNotEqualTo(cookies.of(ALICE));
    }
}
