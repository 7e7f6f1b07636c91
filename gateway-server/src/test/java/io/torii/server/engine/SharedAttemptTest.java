package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedAttemptTest {
    private final List<SharedAttempt<String>> over = new ArrayList<>();
    private final SharedAttempt<String> attempt = new SharedAttempt<>(over::add);
    private final List<String> lines = new ArrayList<>();

    @Test
    void tellsEveryoneHowItEnds() {
        CompletableFuture<String> one = join();
        CompletableFuture<String> other = join();

        attempt.end("done", null);

        assertThat(one).isCompletedWithValue("done");
        assertThat(other).isCompletedWithValue("done");
    }

    @Test
    void tellsEveryoneInTheOrderInWhichTheyCame() {
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            join().thenRun(() -> told.add(number));
        }

        attempt.end("done", null);

        assertThat(told).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void passesAFailureOnAsItIs() {
        CompletableFuture<String> follower = join();
        IllegalStateException failure = new IllegalStateException("broken");
        List<Throwable> heard = new ArrayList<>();
        follower.exceptionally(cause -> {
            heard.add(cause);
            return "";
        });

        attempt.end(null, failure);

        assertThat(heard).containsExactly(failure);
    }

    @Test
    void tellsThoseWhoComeAfterTheEnd() {
        attempt.say("first");
        attempt.end("done", null);

        assertThat(join()).isCompletedWithValue("done");
        assertThat(lines).containsExactly("first");
    }

    @Test
    void tellsThoseWhoComeAfterAFailure() {
        attempt.end(null, new IllegalStateException("broken"));

        CompletableFuture<String> late = join();

        assertThat(late).isCompletedExceptionally();
        assertThatThrownBy(late::join).hasRootCauseMessage("broken");
    }

    @Test
    void whoCancelsHarmsNobodyElse() {
        CompletableFuture<String> impatient = join();
        CompletableFuture<String> patient = join();

        impatient.cancel(true);
        attempt.end("done", null);

        assertThat(impatient).isCancelled();
        assertThat(patient).isCompletedWithValue("done");
    }

    @Test
    void whoComesLateHearsWhatWasSaidBeforeAndWhatIsSaidAfter() {
        attempt.say("first");

        join();
        attempt.say("second");

        assertThat(lines).containsExactly("first", "second");
    }

    @Test
    void saysEachTimeThatNobodyWantsItAnyMore() {
        join().cancel(true);
        CompletableFuture<Void> first = attempt.abandoned();
        CompletableFuture<String> next = join();
        CompletableFuture<Void> second = attempt.abandoned();
        boolean whileItIsWanted = second.isDone();

        next.cancel(true);

        assertThat(first).isCompleted();
        assertThat(whileItIsWanted).isFalse();
        assertThat(second).isCompleted();
    }

    @Test
    void forgetsThatNobodyWantedItIfSomebodyCameMeanwhile() {
        CompletableFuture<Void> late = attempt.abandoned();
        join();

        late.complete(null);

        assertThat(attempt.abandoned()).isNotDone();
    }

    @Test
    void isGivenUpOnlyIfNobodyWantsIt() {
        CompletableFuture<String> follower = join();
        boolean whileItIsWanted = attempt.giveUp();

        follower.cancel(true);

        assertThat(whileItIsWanted).isFalse();
        assertThat(attempt.giveUp()).isTrue();
        assertThat(over).containsExactly(attempt);
        assertThat(attempt.join(lines::add)).isEmpty();
    }

    private CompletableFuture<String> join() {
        return attempt.join(lines::add).orElseThrow();
    }
}
