package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.cluster.FakeCluster;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.server.store.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SilentEnginesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final FakeCluster cluster = new FakeCluster();
    private final RunningEngine running = running();
    private final FakeEngine engine = new FakeEngine(running);
    private final MovableClock clock = new MovableClock();
    private final ManualTimers timers = new ManualTimers();
    private List<RunningEngine> silent = List.of(running);
    private CompletableFuture<EngineChannel> connection = completedFuture(engine);
    private final SilentEngines engines = new SilentEngines(
            time -> completedFuture(time.equals(LIMIT) ? silent : List.of()),
            asked -> connection,
            Map.of("fake", cluster),
            clock,
            timers,
            LIMIT);

    @Test
    void killsAnEngineThatNeitherReportsNorAnswers() {
        engine.hang();
        clock.advance(LIMIT);

        engines.tick();

        assertThat(cluster.liveApplications()).isZero();
    }

    @Test
    void killsAnEngineThatLetsItsCallerWait() {
        connection = new CompletableFuture<>();
        clock.advance(LIMIT);
        engines.tick();
        assertThat(cluster.liveApplications()).isEqualTo(1);

        timers.ring();

        assertThat(cluster.liveApplications()).isZero();
    }

    @Test
    void keepsAnEngineThatAnswers() {
        clock.advance(LIMIT);

        engines.tick();

        assertThat(cluster.liveApplications()).isEqualTo(1);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void keepsAnEngineThatReports() {
        silent = List.of();
        engine.hang();
        clock.advance(LIMIT);

        engines.tick();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    @Test
    void listensAsLongAsAnEngineMayBeSilentBeforeItJudges() {
        engine.hang();
        clock.advance(LIMIT.minusMillis(1));

        engines.tick();

        assertThat(cluster.liveApplications()).isEqualTo(1);
    }

    @Test
    void triesAgainLaterIfAKillFails() {
        engine.hang();
        clock.advance(LIMIT);
        cluster.failingKills();
        engines.tick();
        assertThat(cluster.liveApplications()).isEqualTo(1);

        connection = new CompletableFuture<>();
        engines.tick();
        assertThat(timers.waiting()).isZero();
        clock.advance(LIMIT);
        engines.tick();

        assertThat(timers.waiting()).isEqualTo(1);
    }

    private RunningEngine running() {
        EngineKey key = new EngineKey("fake", "spark", ShareLevel.USER, "alice", "", "", "");
        EngineLaunch launch = EngineLaunch.of(new EngineSpec(key, "alice", Map.of()));
        cluster.registry().tryLease(launch, Duration.ofMinutes(3)).join();
        cluster.submit(launch).join();
        cluster.enginesCallHome();
        return cluster.registry().find(launch.tag()).join().orElseThrow();
    }
}
