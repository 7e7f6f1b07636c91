package io.torii.server.auth;

import static io.torii.server.auth.Answers.assertWrong;
import static io.torii.server.auth.Answers.failure;
import static io.torii.server.auth.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.unboundid.ldap.sdk.LDAPException;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LdapAuthenticatorTest {
    private final MovableClock clock = new MovableClock();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final List<LdapAuthenticator> authenticators = new ArrayList<>();
    private Directory directory;

    @BeforeEach
    void start() throws LDAPException {
        directory = Directory.plain();
    }

    @AfterEach
    void stop() {
        authenticators.forEach(LdapAuthenticator::close);
        directory.close();
        executor.shutdownNow();
    }

    @Test
    void findsTheUserAndBindsAsTheUser() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings());

        assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
        assertThat(authenticator.admitsAnyone()).isFalse();
    }

    @Test
    void findsGroupsByNameAndByDistinguishedName() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings());

        assertThat(identity(login(authenticator, "alice", "wonder")).groups())
                .containsExactlyInAnyOrder("analysts", "admins", "posix");
        assertThat(identity(login(authenticator, "bob", "builder")).groups()).containsExactly("builders");
    }

    @Test
    void aGroupWhoseNameReadsAsOthersIsLeftOut() throws Exception {
        directory.group("x\nroot", "member", Directory.dn("bob"));

        assertThat(identity(login(authenticator(directory.settings()), "bob", "builder"))
                        .groups())
                .containsExactly("builders");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreTheSame() {
        LdapAuthenticator authenticator = authenticator(directory.settings());

        assertWrong(login(authenticator, "alice", "builder"));
        assertWrong(login(authenticator, "carol", "wonder"));
    }

    @Test
    void aBindWithoutAPasswordIsNoLogin() {
        LdapAuthenticator authenticator = authenticator(directory.settings());

        assertWrong(login(authenticator, "alice", ""));
        assertWrong(login(authenticator, " ", "wonder"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "a*", "alice)(uid=*", "alice)(|(uid=*", "*)(objectClass=*", "alice\\2a", "bob,ou=people"})
    void namesAreNoFilters(String name) {
        assertWrong(login(authenticator(directory.settings()), name, "wonder"));
        assertWrong(login(authenticator(byPattern()), name, "wonder"));
    }

    @Test
    void namesMayHaveAnyCharacter() throws Exception {
        Identity searched = identity(login(authenticator(directory.settings()), Directory.ODD_NAME, "tara"));
        Identity named = identity(login(authenticator(byPattern()), Directory.ODD_NAME, "tara"));

        assertThat(searched).isEqualTo(new Identity(Directory.ODD_NAME, Set.of("planters")));
        assertThat(named).isEqualTo(searched);
    }

    @Test
    void aPatternNeedsNoSearchForTheUser() throws Exception {
        LdapAuthenticator authenticator = authenticator(byPattern());

        assertThat(identity(login(authenticator, "alice", "wonder")).groups()).contains("analysts");
        assertWrong(login(authenticator, "alice", "builder"));
        assertWrong(login(authenticator, "carol", "wonder"));
    }

    @Test
    void withoutAServiceAccountGroupsAreSearchedForAsTheUser() throws Exception {
        LdapAuthenticator authenticator = authenticator(byPattern().withoutService());

        assertThat(identity(login(authenticator, "alice", "wonder")).groups()).contains("analysts");
        assertWrong(login(authenticator, "alice", "builder"));
        assertThat(identity(login(authenticator, "bob", "builder")).groups()).containsExactly("builders");
    }

    @Test
    void withAServiceAccountUsersNeedNoRightToSearch() throws Exception {
        directory.letOnlyTheServiceSearch();
        LdapAuthenticator authenticator = authenticator(directory.settings());

        assertThat(identity(login(authenticator, "alice", "wonder")).groups()).contains("analysts");
        assertThat(identity(login(authenticator, "bob", "builder")).groups()).containsExactly("builders");
    }

    @Test
    void usersAreCalledWhatTheDirectoryCallsThem() throws Exception {
        assertThat(identity(login(authenticator(directory.settings()), "ALICE", "wonder"))
                        .user())
                .isEqualTo("alice");
        assertThat(identity(login(authenticator(byPattern()), "Alice", "wonder"))
                        .user())
                .isEqualTo("alice");
    }

    @Test
    void aNameThatMeansTwoUsersIsNobody() {
        DirectorySettings everybody = directory.settings().userFilter("(|(uid={0})(objectClass=inetOrgPerson))");

        assertWrong(login(authenticator(everybody), "alice", "wonder"));
    }

    @Test
    void onlyMembersOfAllowedGroupsAreAdmitted() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings().allowedGroups("Admins", "nobody"));

        assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
        GatewayException failure = failure(login(authenticator, "bob", "builder"));
        assertThat(failure.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        assertThat(failure).hasMessage("User bob is in no group that may use this gateway");
        assertWrong(login(authenticator, "bob", "wonder"));
    }

    @Test
    void findsUsersWhoHaveNotLoggedIn() throws Exception {
        directory.letOnlyTheServiceSearch();

        for (LdapAuthenticator authenticator :
                List.of(authenticator(directory.settings()), authenticator(byPattern()))) {
            assertThat(found(authenticator, "ALICE"))
                    .contains(new Identity("alice", Set.of("analysts", "admins", "posix")));
            assertWrong(authenticator.find("carol").thenApply(Optional::orElseThrow));
            assertWrong(authenticator.find("*").thenApply(Optional::orElseThrow));
        }
    }

    @Test
    void whoMayNotLogInIsNotFound() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings().allowedGroups("admins"));

        assertThat(found(authenticator, "alice")).isPresent();
        assertThat(failure(authenticator.find("bob").thenApply(Optional::orElseThrow))
                        .code())
                .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void withoutAServiceAccountNobodyCanTellWhoAUserIs() throws Exception {
        assertThat(found(authenticator(byPattern().withoutService()), "alice")).isEmpty();
        assertWrong(authenticator(byPattern().withoutService().allowedGroups("admins"))
                .find("alice")
                .thenApply(Optional::orElseThrow));
    }

    private static Optional<Identity> found(LdapAuthenticator authenticator, String user) throws Exception {
        return authenticator.find(user).get(30, TimeUnit.SECONDS);
    }

    @Test
    void withoutAGroupBaseNobodyIsInAGroup() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings().groupBase(""));

        assertThat(identity(login(authenticator, "alice", "wonder")).groups()).isEmpty();
    }

    @Test
    void aChangedPasswordHoldsAfterHalfAMinuteAtMost() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings());
        identity(login(authenticator, "alice", "wonder"));

        directory.password("alice", "looking-glass");

        assertThat(identity(login(authenticator, "alice", "looking-glass")).user())
                .isEqualTo("alice");
        clock.advance(Duration.ofSeconds(30));
        assertWrong(login(authenticator, "alice", "wonder"));
    }

    @Test
    void aDirectoryThatIsAwayIsNoWrongPassword() {
        LdapAuthenticator authenticator = authenticator(directory.settings());
        directory.stop();

        assertUnavailable(login(authenticator, "alice", "wonder"));
        assertUnavailable(login(authenticator, "alice", "builder"));
    }

    @Test
    void aDirectoryMayComeLate() throws Exception {
        DirectorySettings settings = directory.settings();
        directory.stop();
        LdapAuthenticator authenticator = authenticator(settings);
        assertUnavailable(login(authenticator, "alice", "wonder"));

        directory.resume();

        assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
    }

    @Test
    void aDirectoryThatComesBackIsUsedAtOnce() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings());
        directory.delay(Duration.ofMillis(50));
        loginFourTimesAtOnce(authenticator);

        directory.stop();
        directory.resume();

        assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
    }

    @Test
    void connectionsThatDiedUnnoticedAreReplaced() throws Exception {
        try (Firewall firewall = new Firewall(directory.port())) {
            LdapAuthenticator authenticator = authenticator(new DirectorySettings(firewall.port())
                    .service(Directory.SERVICE, "s3cret")
                    .timeout(Duration.ofSeconds(1)));
            directory.delay(Duration.ofMillis(50));
            loginFourTimesAtOnce(authenticator);

            firewall.forgetConnections();

            assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
        }
    }

    @Test
    void aDirectoryThatDoesNotAnswerInTimeIsUnavailable() throws Exception {
        LdapAuthenticator authenticator = authenticator(directory.settings().timeout(Duration.ofSeconds(1)));
        directory.delay(Duration.ofSeconds(5));
        assertUnavailable(login(authenticator, "alice", "wonder"));

        directory.delay(Duration.ZERO);

        assertThat(identity(login(authenticator, "alice", "wonder")).user()).isEqualTo("alice");
    }

    @Test
    void aServiceAccountThatIsRefusedIsNoWrongPassword() {
        LdapAuthenticator authenticator = authenticator(directory.settings().service(Directory.SERVICE, "changed"));

        assertUnavailable(login(authenticator, "alice", "wonder"));
    }

    @Test
    void tooManyAtOnceIsNoWrongPassword() {
        LdapAuthenticator authenticator = new LdapAuthenticator(
                directory.settings().build(),
                task -> {
                    throw new RejectedExecutionException("full");
                },
                clock);
        authenticators.add(authenticator);

        assertThat(failure(login(authenticator, "alice", "wonder")).code()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> authenticator(directory.settings().userFilter("(uid=alice)")))
                .withMessage("'(uid=alice)' does not say where the user's name goes ({0})");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> authenticator(directory.settings().userFilter("(uid={0}")))
                .withMessageStartingWith("An LDAP filter is not well-formed: ");
    }

    private DirectorySettings byPattern() {
        return directory.settings().userDnPattern("uid={0},ou=people,dc=example,dc=com");
    }

    /** So that the pool has more than one connection. */
    private static void loginFourTimesAtOnce(LdapAuthenticator authenticator) {
        List<CompletableFuture<Identity>> atOnce = List.of(
                login(authenticator, "alice", "1"),
                login(authenticator, "alice", "2"),
                login(authenticator, "alice", "3"),
                login(authenticator, "alice", "4"));
        atOnce.forEach(Answers::assertWrong);
    }

    private LdapAuthenticator authenticator(DirectorySettings settings) {
        LdapAuthenticator authenticator = new LdapAuthenticator(settings.build(), executor, clock);
        authenticators.add(authenticator);
        return authenticator;
    }

    private static CompletableFuture<Identity> login(LdapAuthenticator authenticator, String user, String password) {
        return authenticator.authenticate(user, new Secret(password));
    }

    private static void assertUnavailable(CompletableFuture<Identity> login) {
        GatewayException failure = failure(login);
        assertThat(failure.code()).isEqualTo(ErrorCode.AUTHENTICATION_UNAVAILABLE);
        assertThat(failure).hasMessage("The directory of users cannot be asked at the moment; try again later");
    }
}
