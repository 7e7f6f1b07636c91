package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedAttemptsTest {
    private final SharedAttempts<String, Integer> attempts = new SharedAttempts<>();
    private final List<SharedAttempt<Integer>> begun = new ArrayList<>();

    @Test
    void thereIsOneForEachKeyAtATime() {
        CompletableFuture<Integer> one = join("a");
        CompletableFuture<Integer> other = join("a");
        join("b");

        begun.get(0).end(7, null);

        assertThat(begun).hasSize(2);
        assertThat(one).isCompletedWithValue(7);
        assertThat(other).isCompletedWithValue(7);
        assertThat(attempts.count()).isEqualTo(1);
    }

    @Test
    void whoComesAfterTheEndBeginsAnother() {
        join("a");
        begun.get(0).end(7, null);

        assertThat(join("a")).isNotDone();
        assertThat(begun).hasSize(2);
    }

    @Test
    void oneThatWasGivenUpIsJoinedByNobody() {
        join("a").cancel(true);
        boolean givenUp = begun.get(0).giveUp();

        CompletableFuture<Integer> next = join("a");
        begun.get(1).end(8, null);

        assertThat(givenUp).isTrue();
        assertThat(next).isCompletedWithValue(8);
    }

    private CompletableFuture<Integer> join(String key) {
        return attempts.join(key, line -> {}, begun::add);
    }
}
