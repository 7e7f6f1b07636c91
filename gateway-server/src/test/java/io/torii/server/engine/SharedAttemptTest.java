package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedAttemptTest {
    private final SharedAttempt<String> attempt = new SharedAttempt<>();
    private final List<String> lines = new ArrayList<>();

    @Test
    void tellsEveryoneHowItEnds() {
        CompletableFuture<String> one = attempt.join(lines::add);
        CompletableFuture<String> other = attempt.join(lines::add);

        attempt.end("done", null);

        assertThat(one).isCompletedWithValue("done");
        assertThat(other).isCompletedWithValue("done");
    }

    @Test
    void tellsEveryoneInTheOrderInWhichTheyCame() {
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            attempt.join(lines::add).thenRun(() -> told.add(number));
        }

        attempt.end("done", null);

        assertThat(told).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void passesAFailureOnAsItIs() {
        CompletableFuture<String> follower = attempt.join(lines::add);
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

        assertThat(attempt.join(lines::add)).isCompletedWithValue("done");
        assertThat(lines).containsExactly("first");
    }

    @Test
    void tellsThoseWhoComeAfterAFailure() {
        attempt.end(null, new IllegalStateException("broken"));

        CompletableFuture<String> late = attempt.join(lines::add);

        assertThat(late).isCompletedExceptionally();
        assertThatThrownBy(late::join).hasRootCauseMessage("broken");
    }

    @Test
    void whoCancelsHarmsNobodyElse() {
        CompletableFuture<String> impatient = attempt.join(lines::add);
        CompletableFuture<String> patient = attempt.join(lines::add);

        impatient.cancel(true);
        attempt.end("done", null);

        assertThat(impatient).isCancelled();
        assertThat(patient).isCompletedWithValue("done");
    }

    @Test
    void whoComesLateHearsWhatWasSaidBeforeAndWhatIsSaidAfter() {
        attempt.say("first");

        attempt.join(lines::add);
        attempt.say("second");

        assertThat(lines).containsExactly("first", "second");
    }
}
