package io.torii.engine.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.Application;
import io.torii.api.engine.LaunchTag;
import io.torii.engine.yarn.message.ApplicationRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ticks are the test's own: the scheduler's only thread is kept busy. */
class PollerTest {
    private final LaunchTag one = LaunchTag.random();
    private final LaunchTag two = LaunchTag.random();
    private final Cluster cluster = new Cluster();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private Poller poller;

    @BeforeEach
    void start() {
        scheduler.execute(() -> {
            try {
                over.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        poller = new Poller("prod", cluster, scheduler);
    }

    @AfterEach
    void end() {
        poller.close();
        over.countDown();
        scheduler.shutdownNow();
    }

    @Test
    void asksForAllWithOneQuestionAndNotIfNobodyWantsToKnow() {
        poller.tick();
        assertThat(cluster.asked).isZero();

        cluster.has(one, "ACCEPTED");
        cluster.has(two, "RUNNING");
        watch(one);
        watch(two);
        poller.tick();

        assertThat(cluster.asked).isEqualTo(1);
        assertThat(cluster.lookedUp).isEmpty();
    }

    @Test
    void looksUpWhatIsAliveNoMore() {
        cluster.has(one, "RUNNING");
        CompletableFuture<Application> gone = poller.endOf(two);
        CompletableFuture<Application> runs = poller.endOf(one);

        poller.tick();

        assertThat(cluster.lookedUp).containsExactly(two);
        assertThat(gone.join().diagnostics()).isEqualTo("it was killed by root");
        assertThat(runs).isNotDone();
    }

    @Test
    void asksEverySecondWhileOneStartsAndEveryTenSecondsOnceAllRun() {
        cluster.has(one, "RUNNING");
        watch(one);
        for (int i = 0; i < 30; i++) {
            poller.tick();
        }
        assertThat(cluster.asked).isEqualTo(30);

        for (int i = 0; i < 20; i++) {
            poller.tick();
        }
        assertThat(cluster.asked).isEqualTo(32);

        poller.soon();
        poller.tick();
        assertThat(cluster.asked).isEqualTo(33);
    }

    @Test
    void knowsForAMomentWhatWaitsForItsDriver() {
        cluster.has(one, "ACCEPTED");
        cluster.has(two, "RUNNING");
        watch(one);
        poller.tick();

        assertThat(poller.waiting(one)).isPresent();
        assertThat(poller.waiting(two)).isEmpty();
        poller.soon();
        assertThat(poller.waiting(one)).as("something has happened since").isEmpty();
    }

    @Test
    void doesNotKnowWhatWasAskedBeforeSomethingHappened() {
        watch(one);
        CompletableFuture<Map<LaunchTag, ApplicationRow>> slow = cluster.answersSlowly();
        poller.tick();

        poller.soon();
        slow.complete(Map.of(one, row(one, "ACCEPTED")));

        assertThat(poller.waiting(one)).isEmpty();
    }

    private void watch(LaunchTag tag) {
        CompletableFuture<Application> end = poller.endOf(tag);
        assertThat(end).isNotDone();
    }

    private static ApplicationRow row(LaunchTag tag, String state) {
        return new ApplicationRow(tag.value(), "application_1_0001", "alice", "root", state, "", "", "");
    }

    private static final class Cluster implements Poller.Questions {
        private final Map<LaunchTag, ApplicationRow> rows = new HashMap<>();
        private Optional<CompletableFuture<Map<LaunchTag, ApplicationRow>>> slow = Optional.empty();
        final List<LaunchTag> lookedUp = new ArrayList<>();
        int asked;

        void has(LaunchTag tag, String state) {
            rows.put(tag, row(tag, state));
        }

        CompletableFuture<Map<LaunchTag, ApplicationRow>> answersSlowly() {
            slow = Optional.of(new CompletableFuture<>());
            return slow.get();
        }

        @Override
        public CompletableFuture<Map<LaunchTag, ApplicationRow>> live() {
            asked++;
            return slow.orElseGet(() -> CompletableFuture.completedFuture(Map.copyOf(rows)));
        }

        @Override
        public CompletableFuture<Optional<Application>> find(LaunchTag tag) {
            lookedUp.add(tag);
            return CompletableFuture.completedFuture(
                    Optional.of(Application.ended(tag, "application_1_0002", "it was killed by root")));
        }
    }
}
