package io.torii.server.auth;

import static io.torii.server.auth.Answers.assertWrong;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VerifiedPasswordsTest {
    private static final Identity ALICE = new Identity("alice", Set.of("analysts"));
    private static final Secret PASSWORD = new Secret("wonder");

    private final MovableClock clock = new MovableClock();
    private final VerifiedPasswords verified = new VerifiedPasswords(clock, Duration.ofSeconds(60));
    private final List<CompletableFuture<Identity>> checks = new ArrayList<>();

    @Test
    void checksOnceForAllWhoAskMeanwhile() {
        CompletableFuture<Identity> first = ask("alice", PASSWORD, "");
        CompletableFuture<Identity> second = ask("alice", PASSWORD, "");
        assertThat(first).isNotDone();

        checks.get(0).complete(ALICE);

        assertThat(first).isCompletedWithValue(ALICE);
        assertThat(second).isCompletedWithValue(ALICE);
        assertThat(checks).hasSize(1);
    }

    @Test
    void remembersForAWhile() {
        ask("alice", PASSWORD, "");
        checks.get(0).complete(ALICE);

        clock.advance(Duration.ofSeconds(59));
        assertThat(ask("alice", PASSWORD, "")).isCompletedWithValue(ALICE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ask("alice", PASSWORD, "")).isNotDone();

        assertThat(checks).hasSize(2);
    }

    @Test
    void doesNotMistakeOneForAnother() {
        ask("alice", PASSWORD, "groups");
        checks.get(0).complete(ALICE);

        assertThat(ask("alice", new Secret("Wonder"), "groups")).isNotDone();
        assertThat(ask("bob", PASSWORD, "groups")).isNotDone();
        assertThat(ask("alicegroups", PASSWORD, "")).isNotDone();
        assertThat(ask("alice", new Secret("swonder"), "group")).isNotDone();
        assertThat(ask("alice", PASSWORD, "other groups")).isNotDone();
    }

    @Test
    void failuresAreSharedAndForgotten() {
        CompletableFuture<Identity> first = ask("alice", PASSWORD, "");
        CompletableFuture<Identity> second = ask("alice", PASSWORD, "");

        checks.get(0).completeExceptionally(wrong());

        assertWrong(first);
        assertWrong(second);
        assertThat(ask("alice", PASSWORD, "")).isNotDone();
        assertThat(checks).hasSize(2);
    }

    @Test
    void whoCancelsCancelsForNobodyElse() {
        CompletableFuture<Identity> first = ask("alice", PASSWORD, "");
        CompletableFuture<Identity> second = ask("alice", PASSWORD, "");

        first.cancel(true);
        checks.get(0).complete(ALICE);

        assertThat(second).isCompletedWithValue(ALICE);
    }

    @Test
    void aCheckThatFailsLateDoesNotForgetTheOneAfterIt() {
        ask("alice", PASSWORD, "");
        clock.advance(Duration.ofSeconds(61));
        ask("alice", PASSWORD, "");
        checks.get(1).complete(ALICE);

        checks.get(0).completeExceptionally(wrong());

        assertThat(ask("alice", PASSWORD, "")).isCompletedWithValue(ALICE);
        assertThat(checks).hasSize(2);
    }

    private CompletableFuture<Identity> ask(String user, Secret password, String context) {
        return verified.of(user, password, context, () -> {
            checks.add(new CompletableFuture<>());
            return checks.get(checks.size() - 1);
        });
    }

    private static GatewayException wrong() {
        return new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "Unknown user or wrong password");
    }
}
