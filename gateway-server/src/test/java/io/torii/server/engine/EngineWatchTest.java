package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.FakeCluster;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.ShareLevel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EngineWatchTest {
    private final FakeCluster cluster = new FakeCluster();
    private final FakeEngineRegistry registry = cluster.registry();
    private final ManualTimers timers = new ManualTimers();
    private final EngineWatch watch =
            new EngineWatch(registry, Map.of("fake", cluster, "far", new UnreachableCluster()), timers);

    @Test
    void forgetsEnginesThatAnEarlierGatewayLaunchedOnceTheyEnd() {
        LaunchTag tag = runningOn("fake");
        watch.tick();

        cluster.applicationEnds(tag, "Exit code 1");

        assertThat(isKnown(tag)).isFalse();
    }

    @Test
    void forgetsEnginesThatEndedWhileNobodyLooked() {
        LaunchTag tag = runningOn("fake");
        cluster.applicationEnds(tag, "Exit code 1");

        watch.tick();

        assertThat(isKnown(tag)).isFalse();
    }

    @Test
    void keepsWhatRuns() {
        LaunchTag ended = runningOn("fake");
        LaunchTag running = runningOn("fake");
        watch.tick();

        cluster.applicationEnds(ended, "Exit code 1");

        assertThat(isKnown(running)).isTrue();
    }

    @Test
    void watchesEachEngineOnce() {
        runningOn("fake");

        watch.tick();
        watch.tick();

        assertThat(cluster.watches()).isEqualTo(1);
    }

    @Test
    void keepsWhatItsClusterCannotSpeakOf() {
        LaunchTag unreachable = runningOn("far");
        LaunchTag strange = runningOn("gone");

        assertThat(watch.tick()).isCompleted();

        assertThat(isKnown(unreachable)).isTrue();
        assertThat(isKnown(strange)).isTrue();
    }

    @Test
    void looksAgainAtWhatItCouldNotWatch() {
        UnreachableCluster far = new UnreachableCluster();
        EngineWatch patient = new EngineWatch(registry, Map.of("far", far), timers);
        LaunchTag tag = runningOn("far");
        patient.tick();

        far.applicationEnds(tag);
        patient.tick();

        assertThat(isKnown(tag)).isFalse();
    }

    @Test
    void tellsWhyAnEngineHasEnded() {
        LaunchTag tag = runningOn("fake");
        watch.tick();

        cluster.applicationEnds(tag, "it was killed by root");

        assertThat(watch.why(tag)).isCompletedWithValue(Optional.of("it was killed by root"));
    }

    @Test
    void waitsALittleForAClusterThatDoesNotKnowOfTheEndYet() {
        LaunchTag early = runningOn("fake");
        LaunchTag late = runningOn("fake");
        watch.tick();
        CompletableFuture<Optional<String>> told = watch.why(early);
        CompletableFuture<Optional<String>> untold = watch.why(late);

        cluster.applicationEnds(early, "it was killed by root");
        timers.ring();

        assertThat(told).isCompletedWithValue(Optional.of("it was killed by root"));
        assertThat(untold).isCompletedWithValue(Optional.empty());
        assertThat(cluster.watches()).as("that of the engine that lives").isEqualTo(1);
    }

    @Test
    void saysNothingOfEnginesThatItDoesNotKnow() {
        assertThat(watch.why(LaunchTag.random())).isCompletedWithValue(Optional.empty());
    }

    @Test
    void leavesNoWatchBehindWhenItIsClosed() {
        LaunchTag tag = runningOn("fake");
        watch.tick();

        watch.close();

        assertThat(cluster.watches()).isZero();
        assertThat(isKnown(tag)).isTrue();
    }

    @Test
    void failsWhereTheStoreDoes() {
        registry.becomesUnavailable();

        assertThat(watch.tick()).isCompletedExceptionally();
    }

    private LaunchTag runningOn(String name) {
        EngineKey key =
                new EngineKey(name, "spark", ShareLevel.USER, LaunchTag.random().value(), "", "default", "");
        EngineLaunch launch = EngineLaunch.of(new EngineSpec(key, "alice", Map.of()));
        registry.tryLease(launch, Duration.ofMinutes(3));
        if (name.equals("fake")) {
            cluster.submit(launch);
        }
        registry.register(launch.tag(), launch.token(), FakeCluster.HOST, FakeCluster.PORT);
        return launch.tag();
    }

    private boolean isKnown(LaunchTag tag) {
        return registry.find(tag).join().isPresent();
    }
}
