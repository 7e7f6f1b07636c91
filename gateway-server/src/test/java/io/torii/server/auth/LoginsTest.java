package io.torii.server.auth;

import static io.torii.server.auth.Answers.assertWrong;
import static io.torii.server.auth.Answers.failure;
import static io.torii.server.auth.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginsTest {
    private static final Secret RIGHT = new Secret("right");
    private static final Secret WRONG = new Secret("wrong");
    private static final String HERE = "192.0.2.1";
    private static final String THERE = "192.0.2.2";

    private final MovableClock clock = new MovableClock();
    private final OnePassword authenticator = new OnePassword();
    private final Logins logins = new Logins(authenticator, clock);

    @Test
    void aRightPasswordIsAnIdentity() throws Exception {
        assertThat(identity(logins.login("alice", RIGHT, HERE))).isEqualTo(new Identity("alice", Set.of()));
        assertThat(logins.admitsAnyone()).isFalse();
    }

    @Test
    void namesThatCannotBeOnesAreRefusedUnseen() {
        assertRefused(logins.login("x".repeat(257), RIGHT, HERE), "A user name must have at most 256 characters");
        assertRefused(logins.login("alice\nbob", RIGHT, HERE), "A user name must have at most 256 characters");
        assertRefused(logins.login("alice\0", RIGHT, HERE), "A user name must have at most 256 characters");

        assertThat(authenticator.asked).isZero();
    }

    @Test
    void aNameOf256CharactersIsFine() throws Exception {
        assertThat(identity(logins.login("x".repeat(256), RIGHT, HERE)).user()).hasSize(256);
    }

    @Test
    void afterFiveWrongPasswordsThereIsAPauseThatDoubles() {
        fail(5, "alice", HERE);
        int asked = authenticator.asked;

        assertRefused(
                logins.login("alice", RIGHT, HERE), "Too many failed logins of alice from 192.0.2.1; try again in 1 s");
        assertThat(authenticator.asked).isEqualTo(asked);

        clock.advance(Duration.ofSeconds(1));
        assertWrong(logins.login("alice", WRONG, HERE));
        assertRefused(logins.login("alice", RIGHT, HERE), "try again in 2 s");
    }

    @Test
    void thePauseIsNeverLongerThanHalfAMinute() {
        fail(5, "alice", HERE);
        IntStream.range(0, 20).forEach(turn -> {
            clock.advance(Duration.ofSeconds(30));
            assertWrong(logins.login("alice", WRONG, HERE));
        });

        assertRefused(logins.login("alice", RIGHT, HERE), "try again in 30 s");
    }

    @Test
    void afterThePauseARightPasswordEndsIt() throws Exception {
        fail(5, "alice", HERE);
        clock.advance(Duration.ofSeconds(1));

        assertThat(identity(logins.login("alice", RIGHT, HERE)).user()).isEqualTo("alice");

        fail(4, "alice", HERE);
        assertThat(identity(logins.login("alice", RIGHT, HERE)).user()).isEqualTo("alice");
    }

    @Test
    void nobodyElseHasToWait() throws Exception {
        fail(5, "alice", HERE);

        assertThat(identity(logins.login("bob", RIGHT, HERE)).user()).isEqualTo("bob");
        assertThat(identity(logins.login("alice", RIGHT, THERE)).user()).isEqualTo("alice");
        assertRefused(logins.login("alice", RIGHT, HERE), "Too many failed logins");
    }

    @Test
    void anotherSpellingOfTheSameNameIsNotAnotherFiveTries() {
        fail(5, "alice", HERE);

        assertRefused(logins.login(" ALICE ", WRONG, HERE), "Too many failed logins");
    }

    @Test
    void failuresAreForgottenAfterFiveMinutes() throws Exception {
        fail(4, "alice", HERE);
        clock.advance(Duration.ofMinutes(5).plusMillis(1));

        fail(4, "alice", HERE);

        assertThat(identity(logins.login("alice", RIGHT, HERE)).user()).isEqualTo("alice");
    }

    @Test
    void onlyWrongPasswordsCount() throws Exception {
        authenticator.outage = true;
        IntStream.range(0, 10).forEach(turn -> assertThat(
                        failure(logins.login("alice", RIGHT, HERE)).code())
                .isEqualTo(ErrorCode.INTERNAL));
        authenticator.outage = false;

        assertThat(identity(logins.login("alice", RIGHT, HERE)).user()).isEqualTo("alice");
    }

    @Test
    void tryingAtTheSameTimeGainsNothing() {
        authenticator.delayed = true;
        List<CompletableFuture<Identity>> tries = IntStream.range(0, 1_000)
                .mapToObj(turn -> logins.login("alice", new Secret("guess" + turn), HERE))
                .toList();

        assertThat(authenticator.asked).isEqualTo(5);
        assertRefused(tries.get(5), "Too many logins of alice from 192.0.2.1 at once; try again in a moment");
        authenticator.decide();
        assertRefused(logins.login("alice", RIGHT, HERE), "Too many failed logins of alice");

        clock.advance(Duration.ofSeconds(1));
        IntStream.range(0, 10).forEach(turn -> logins.login("alice", new Secret("more" + turn), HERE));
        assertThat(authenticator.asked).as("one at a time after failures").isEqualTo(6);
    }

    @Test
    void aThousandConnectionsWithTheSamePasswordAreOneCheck() throws Exception {
        authenticator.delayed = true;
        List<CompletableFuture<Identity>> connections = IntStream.range(0, 1_000)
                .mapToObj(turn -> logins.login("alice", RIGHT, HERE))
                .toList();
        connections.get(0).cancel(false);

        authenticator.decide();

        assertThat(authenticator.asked).isEqualTo(1);
        for (CompletableFuture<Identity> connection : connections.subList(1, 1_000)) {
            assertThat(identity(connection).user()).isEqualTo("alice");
        }
    }

    @Test
    void onePasswordTriedOnManyUsersIsSlowedByAddress() throws Exception {
        IntStream.range(0, 100).forEach(turn -> assertWrong(logins.login("user" + turn, WRONG, HERE)));

        assertRefused(logins.login("bob", WRONG, HERE), "Too many failed logins from 192.0.2.1; try again in 10 s");
        assertThat(authenticator.asked).isEqualTo(100);
        assertThat(identity(logins.login("bob", RIGHT, THERE)).user()).isEqualTo("bob");

        clock.advance(Duration.ofSeconds(10));
        assertWrong(logins.login("bob", WRONG, HERE));
        assertRefused(logins.login("carol", WRONG, HERE), "Too many failed logins from 192.0.2.1");
    }

    @Test
    void whoHasLoggedInThereBeforeDoesNotSufferFromWhatOthersTry() throws Exception {
        identity(logins.login("carol", RIGHT, HERE));
        IntStream.range(0, 100).forEach(turn -> assertWrong(logins.login("user" + turn, WRONG, HERE)));

        assertThat(identity(logins.login("carol", RIGHT, HERE)).user()).isEqualTo("carol");
        assertRefused(logins.login("dave", RIGHT, HERE), "Too many failed logins from 192.0.2.1");
    }

    @Test
    void aJobWithAnOldPasswordDoesNotShutOthersOut() throws Exception {
        IntStream.range(0, 200).forEach(turn -> {
            clock.advance(Duration.ofSeconds(30));
            assertWrong(logins.login("job", WRONG, HERE));
            IntStream.range(0, 4).forEach(other -> logins.login("job", WRONG, HERE));
        });

        assertThat(identity(logins.login("bob", RIGHT, HERE)).user()).isEqualTo("bob");
    }

    @Test
    void anAddressHasAShareOfTheChecksThatCanWait() throws Exception {
        authenticator.delayed = true;
        IntStream.range(0, 1_000).forEach(turn -> logins.login("user" + turn, WRONG, HERE));
        assertThat(authenticator.asked).isEqualTo(100);
        assertRefused(logins.login("bob", RIGHT, HERE), "Too many logins from 192.0.2.1 at once");

        CompletableFuture<Identity> elsewhere = logins.login("bob", RIGHT, THERE);
        authenticator.decide();

        assertThat(identity(elsewhere).user()).isEqualTo("bob");
    }

    @Test
    void anAuthenticatorThatBreaksDoesNotLockItsUsersOut() throws Exception {
        authenticator.broken = true;
        IntStream.range(0, 200).forEach(turn -> assertThat(logins.login("alice", new Secret("a" + turn), HERE))
                .isCompletedExceptionally());
        authenticator.broken = false;

        assertThat(identity(logins.login("alice", RIGHT, HERE)).user()).isEqualTo("alice");
    }

    private void fail(int times, String user, String address) {
        IntStream.range(0, times).forEach(turn -> assertWrong(logins.login(user, WRONG, address)));
    }

    private static void assertRefused(CompletableFuture<Identity> login, String message) {
        GatewayException failure = failure(login);
        assertThat(failure.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        assertThat(failure).hasMessageContaining(message);
    }

    /** Knows everybody, by one password. */
    private static final class OnePassword implements Authenticator {
        private final List<Runnable> waiting = new ArrayList<>();
        private int asked;
        private boolean outage;
        private boolean broken;
        private boolean delayed;

        /** From now on decides at once, and now what waits. */
        private void decide() {
            delayed = false;
            waiting.forEach(Runnable::run);
            waiting.clear();
        }

        @Override
        public CompletableFuture<Identity> authenticate(String user, Secret password) {
            asked++;
            if (broken) {
                throw new IllegalStateException("Broken");
            }
            if (delayed) {
                CompletableFuture<Identity> later = new CompletableFuture<>();
                waiting.add(() -> check(user, password).whenComplete((identity, failure) -> {
                    if (failure == null) {
                        later.complete(identity);
                    } else {
                        later.completeExceptionally(failure);
                    }
                }));
                return later;
            }
            return check(user, password);
        }

        private CompletableFuture<Identity> check(String user, Secret password) {
            if (outage) {
                return CompletableFuture.failedFuture(new GatewayException(ErrorCode.INTERNAL, "Out of order"));
            }
            return password.equals(RIGHT)
                    ? CompletableFuture.completedFuture(new Identity(user, Set.of()))
                    : CompletableFuture.failedFuture(
                            new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Unknown user or wrong password"));
        }

        @Override
        public CompletableFuture<Optional<Identity>> find(String user) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public boolean admitsAnyone() {
            return false;
        }
    }
}
