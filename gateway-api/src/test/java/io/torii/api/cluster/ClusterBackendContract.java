package io.torii.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.LaunchTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ClusterBackend} promises. A backend's own test extends this and starts its cluster. */
public abstract class ClusterBackendContract {
    private final List<LaunchTag> submitted = new ArrayList<>();

    protected abstract ClusterBackend backend();

    /** A backend for the same cluster that knows nothing but what the cluster knows. */
    protected abstract ClusterBackend anotherBackend();

    /** A fresh launch of an application that runs until it is killed. */
    protected abstract EngineLaunch lasting();

    /** A fresh launch of an application that fails soon; empty if this cluster cannot be made to run one. */
    protected abstract Optional<EngineLaunch> failing();

    /** What the diagnostics of a failing launch have to contain. */
    protected abstract String causeOfFailure();

    @AfterEach
    void killEverything() {
        submitted.forEach(tag -> answer(backend().kill(tag)));
    }

    @Test
    void findsWhatItSubmittedByItsTag() {
        LaunchTag tag = submit(lasting());

        Optional<Application> found = answer(backend().find(tag));

        assertThat(found).map(Application::tag).contains(tag);
        assertThat(found).map(Application::alive).contains(true);
        assertThat(found.orElseThrow().id()).isNotEmpty();
    }

    @Test
    void hasNoApplicationForATagThatWasNeverSubmitted() {
        assertThat(answer(backend().find(LaunchTag.random()))).isEmpty();
    }

    @Test
    void keepsApplicationsApart() {
        LaunchTag one = submit(lasting());
        LaunchTag other = submit(lasting());

        answer(backend().kill(one));
        answer(backend().endOf(one));

        assertThat(answer(backend().find(other))).map(Application::alive).contains(true);
    }

    @Test
    void endsWhatItKills() {
        LaunchTag tag = submit(lasting());
        CompletableFuture<Application> end = backend().endOf(tag);

        answer(backend().kill(tag));

        assertThat(answer(end).alive()).isFalse();
        assertThat(answer(backend().find(tag)).filter(Application::alive)).isEmpty();
    }

    @Test
    void killingNothingChangesNothing() {
        LaunchTag tag = submit(lasting());

        answer(backend().kill(LaunchTag.random()));

        assertThat(answer(backend().find(tag))).map(Application::alive).contains(true);
    }

    @Test
    void killingTwiceIsNoFailure() {
        LaunchTag tag = submit(lasting());

        answer(backend().kill(tag));
        answer(backend().kill(tag));

        assertThat(answer(backend().endOf(tag)).alive()).isFalse();
    }

    @Test
    void tellsOfAnEndToThoseWhoAskLate() {
        LaunchTag tag = submit(lasting());
        answer(backend().kill(tag));
        answer(backend().endOf(tag));

        assertThat(answer(backend().endOf(tag)).tag()).isEqualTo(tag);
    }

    @Test
    void watchesUntilTheEnd() {
        LaunchTag tag = submit(lasting());

        assertThat(backend().endOf(tag)).isNotDone();
    }

    @Test
    void whoStopsWatchingHarmsNobody() {
        LaunchTag tag = submit(lasting());
        CompletableFuture<Application> end = backend().endOf(tag);

        backend().endOf(tag).cancel(false);

        assertThat(answer(backend().find(tag))).map(Application::alive).contains(true);
        answer(backend().kill(tag));
        assertThat(answer(end).alive()).isFalse();
    }

    @Test
    void saysWhyAnApplicationEnded() {
        Optional<EngineLaunch> launch = failing();
        assumeThat(launch).as("this cluster can run an application that fails").isPresent();
        LaunchTag tag = submit(launch.orElseThrow());

        Application end = answer(backend().endOf(tag));

        assertThat(end.alive()).isFalse();
        assertThat(end.diagnostics()).contains(causeOfFailure()).doesNotContain("\n");
    }

    @Test
    void neverShowsTokenOrSecret() {
        EngineLaunch launch = failing().orElseGet(this::lasting);
        LaunchTag tag = submit(launch);
        answer(backend().kill(tag));

        Application end = answer(backend().endOf(tag));

        String seen = end + answer(backend().log(tag, 1_000));
        assertThat(seen)
                .doesNotContain(launch.token().value())
                .doesNotContain(launch.secret().value());
    }

    @Test
    void hasNoLogOfWhatWasNeverSubmitted() {
        assertThat(answer(backend().log(LaunchTag.random(), 10))).isEmpty();
    }

    @Test
    void findsWatchesAndKillsWhatAnEarlierBackendSubmitted() {
        LaunchTag tag = submit(lasting());
        ClusterBackend afresh = anotherBackend();

        Optional<Application> found = answer(afresh.find(tag));
        CompletableFuture<Application> end = afresh.endOf(tag);
        answer(afresh.kill(tag));

        assertThat(found).map(Application::alive).contains(true);
        assertThat(answer(end).alive()).isFalse();
    }

    @Test
    void listsWhatIsAliveWhoeverHasSubmittedIt() {
        LaunchTag one = submit(lasting());
        LaunchTag killed = submit(lasting());
        answer(backend().kill(killed));
        answer(backend().endOf(killed));

        assertThat(answer(anotherBackend().live()))
                .extracting(Application::tag)
                .contains(one)
                .doesNotContain(killed);
    }

    @Test
    void countsItsEnginesWhenAskedForItsLoad() {
        int before = answer(backend().load()).engines();
        submit(lasting());

        ClusterSnapshot load = answer(backend().load());

        assertThat(load.healthy()).as(load.reason()).isTrue();
        assertThat(load.engines()).isEqualTo(before + 1);
    }

    /** None of the clusters of this suite demands Kerberos. */
    @Test
    void hasNoTokensForEnginesOfAClusterThatAsksForNone() {
        assertThat(answer(backend().tokens(lasting().spec()))).isEmpty();
    }

    private LaunchTag submit(EngineLaunch launch) {
        submitted.add(launch.tag());
        assertThat(answer(backend().submit(launch))).isEqualTo(Submission.ACCEPTED);
        return launch.tag();
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
