package io.torii.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedCheckTest {
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock that overflows
    private final SharedCheck check = new SharedCheck(
            () -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
            },
            KEPT,
            nanos::get);

    @Test
    void whoAsksWhileItIsUnderWayHasTheSameAnswer() {
        CompletableFuture<Optional<String>> first = check.problem();
        nanos.addAndGet(KEPT.multipliedBy(9).toNanos());
        CompletableFuture<Optional<String>> second = check.problem();

        assertThat(asked).hasSize(1);
        asked.get(0).complete(Optional.of("No disk"));
        assertThat(first).isCompletedWithValue(Optional.of("No disk"));
        assertThat(second).isCompletedWithValue(Optional.of("No disk"));
    }

    @Test
    void anAnswerIsKeptFromItsArrivalOn() {
        check.problem();
        nanos.addAndGet(KEPT.multipliedBy(9).toNanos());
        asked.get(0).complete(Optional.empty());

        nanos.addAndGet(KEPT.toNanos() - 1);
        assertThat(check.problem()).isCompletedWithValue(Optional.empty());
        assertThat(asked).hasSize(1);

        nanos.addAndGet(1);
        assertThat(check.problem()).isNotDone();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aFailureIsKeptToo() {
        check.problem();
        asked.get(0).completeExceptionally(new IllegalStateException("No disk"));

        assertThat(check.problem()).isCompletedExceptionally();
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoGivesUpDoesSoAlone() {
        check.problem().cancel(false);

        assertThat(check.problem()).isNotDone();
        assertThat(asked).hasSize(1);
    }
}
