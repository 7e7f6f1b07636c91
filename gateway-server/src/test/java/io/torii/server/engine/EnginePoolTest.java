package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.cluster.ClusterBackend;
import io.torii.api.cluster.FakeCluster;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EnginePoolTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final EngineSpec SPEC = specOf("fake", "alice");

    private final FakeCluster cluster = new FakeCluster();
    private final FakeEngineRegistry registry = cluster.registry();
    private final UnreachableCluster far = new UnreachableCluster();
    private final Map<String, ClusterBackend> clusters = Map.of("fake", cluster, "far", far);
    private final ManualTimers timers = new ManualTimers();
    private final EngineWatch watch = new EngineWatch(registry, clusters, timers);
    private final EnginePool pool = new EnginePool(registry, clusters, watch, timers, LIMIT);
    private final EnginePool otherGateway =
            new EnginePool(registry, clusters, new EngineWatch(registry, clusters, timers), timers, LIMIT);
    private final List<String> log = new ArrayList<>();

    @Test
    void launchesOnceForAllCallersAndGateways() {
        List<CompletableFuture<RunningEngine>> engines =
                List.of(engineFor(SPEC), engineFor(SPEC), otherGateway.engineFor(SPEC, log::add));

        cluster.enginesCallHome();

        assertThat(engines).allSatisfy(engine -> assertThat(engine).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag())));
        assertThat(cluster.submissions()).isEqualTo(1);
    }

    @Test
    void givesTheEngineThatRuns() {
        RunningEngine running = running();

        assertThat(otherGateway.running(SPEC)).isCompletedWithValue(Optional.of(running));
        assertThat(otherGateway.running(specOf("fake", "bob"))).isCompletedWithValue(Optional.empty());
        assertThat(otherGateway.engineFor(SPEC, log::add)).isCompletedWithValue(running);
        assertThat(engineFor(SPEC)).isCompletedWithValue(running);
        assertThat(cluster.submissions()).isEqualTo(1);
    }

    @Test
    void knowsTheEngineThatItFoundUntilThatIsSuspected() {
        RunningEngine running = running();
        assertThat(pool.known(SPEC)).contains(running);
        assertThat(otherGateway.known(SPEC)).isEmpty();
        assertThat(pool.known(specOf("fake", "bob"))).isEmpty();

        pool.suspect(running);

        assertThat(pool.known(SPEC)).isEmpty();
    }

    @Test
    void launchesAnotherEngineForAnotherKey() {
        running();

        engineFor(specOf("fake", "bob"));

        assertThat(cluster.submissions()).isEqualTo(2);
    }

    @Test
    void launchesAnewWhereTheEngineDrains() {
        RunningEngine draining = running();
        registry.drain(draining.tag());

        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        cluster.enginesCallHome();

        assertThat(engine).isCompletedWithValueMatching(found -> !found.tag().equals(draining.tag()));
    }

    @Test
    void launchesWhatItWasAskedFor() {
        EngineSpec spec = new EngineSpec(SPEC.key(), "alice", Map.of("spark.executor.memory", "2g"));

        engineFor(spec);

        assertThat(onlyLaunch().spec()).isEqualTo(spec);
    }

    @Test
    void refusesAClusterThatThereIsNot() {
        assertFailsWith(
                engineFor(specOf("nowhere", "alice")), ErrorCode.PLACEMENT_REFUSED, "There is no cluster nowhere");
    }

    @Test
    void doesNotSubmitTwiceWhenTheAnswerIsLost() {
        cluster.losingAnswers();
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        cluster.enginesCallHome();

        assertThat(engine).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag()));
        assertThat(cluster.submissions()).isEqualTo(1);
    }

    @Test
    void saysThatItDoesNotKnowWhenTheSubmissionIsLost() {
        cluster.losingSubmissions();

        assertFailsWith(
                engineFor(SPEC),
                ErrorCode.ENGINE_LAUNCH_UNKNOWN,
                "Cluster fake did not say whether it starts an engine for alice; try again");
        assertThat(cluster.submissions()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void passesOnWhyTheClusterRefuses() {
        cluster.refusing("Queue analysts is full");

        assertFailsWith(engineFor(SPEC), ErrorCode.ENGINE_LAUNCH_FAILED, "Queue analysts is full");
        assertThat(cluster.submissions()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void tellsItsCallersOfTheFailureItself() {
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        engineFor(SPEC).whenComplete((engine, failure) -> heard.complete(failure));

        cluster.applicationsEnd("Exit code 13");

        assertThat(heard).isCompletedWithValueMatching(failure -> failure instanceof GatewayException);
    }

    @Test
    void reportsTheDiagnosticsOfAnApplicationThatEndsEarly() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        cluster.applicationsEnd("Exit code 13");

        assertFailsWith(
                engine,
                ErrorCode.ENGINE_LAUNCH_FAILED,
                "The engine for alice on cluster fake ended while it started: Exit code 13");
        assertNothingIsLeft();
    }

    @Test
    void admitsThatNobodyKnowsWhyAnApplicationEnded() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        cluster.applicationsEnd("");

        assertFailsWith(
                engine,
                ErrorCode.ENGINE_LAUNCH_FAILED,
                "The engine for alice on cluster fake ended while it started: nobody knows why");
    }

    @Test
    void tellsTheFollowersAtOtherGatewaysOfAFailureByTryingThemselves() {
        engineFor(SPEC);
        CompletableFuture<RunningEngine> follower = otherGateway.engineFor(SPEC, log::add);

        cluster.applicationsEnd("Exit code 13");

        assertThat(follower).isNotDone();
        assertThat(cluster.submissions()).isEqualTo(2);
    }

    @Test
    void leavesNothingBehindWhenNoEngineCallsHome() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        registry.leasesLapse();

        assertFailsWith(
                engine,
                ErrorCode.ENGINE_LAUNCH_FAILED,
                "The engine for alice on cluster fake did not call home within 180 s; its log is that of "
                        + onlyLaunch().tag() + " on the cluster");
        assertNothingIsLeft();
    }

    @Test
    void leavesNothingBehindWhenTheApplicationCannotBeWatched() {
        cluster.failingWatches();

        assertFailsWith(engineFor(SPEC), ErrorCode.CLUSTER_UNAVAILABLE, "The cluster does not answer");
        assertNothingIsLeft();
    }

    @Test
    void aKillThatFailsDoesNotHideWhyTheLaunchFailed() {
        cluster.failingKills();
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        cluster.applicationsEnd("Exit code 13");

        assertThat(engine).isCompletedExceptionally();
        assertThatThrownBy(engine::join)
                .cause()
                .hasMessageEndingWith("Exit code 13")
                .satisfies(cause -> assertThat(cause.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getCause)
                        .satisfies(problem -> assertThat(problem).hasMessage("The cluster does not answer")));
        assertThat(registry.leases()).isZero();
    }

    @Test
    void aReleaseThatFailsDoesNotHideWhyTheLaunchFailed() {
        registry.failsToRelease();
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        cluster.applicationsEnd("Exit code 13");

        assertThat(engine).isCompletedExceptionally();
        assertThatThrownBy(engine::join).cause().hasMessageEndingWith("Exit code 13");
        assertThat(cluster.liveApplications()).isZero();
    }

    @Test
    void aClusterThatDoesNotAnswerIsNotWaitedForASecondTime() {
        far.hangAtKills();
        EngineKey key = new EngineKey("far", "spark", ShareLevel.USER, "alice", "", "default", "");

        CompletableFuture<RunningEngine> engine = engineFor(new EngineSpec(key, "alice", Map.of()));

        assertThat(engine).isCompletedExceptionally();
        assertThatThrownBy(engine::join).cause().hasMessage("No route to host");
    }

    @Test
    void aCallerWhoCancelsHarmsNobodyElse() {
        CompletableFuture<RunningEngine> impatient = engineFor(SPEC);
        CompletableFuture<RunningEngine> patient = engineFor(SPEC);

        impatient.cancel(true);
        cluster.enginesCallHome();

        assertThat(impatient).isCancelled();
        assertThat(patient).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag()));
    }

    @Test
    void takesOverAsSoonAsTheApplicationOfAGatewayThatDiedHasEnded() {
        EngineLaunch lost = EngineLaunch.of(SPEC);
        registry.tryLease(lost, LIMIT);
        cluster.submit(lost);
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        timers.ring();
        boolean whileItStarts = engine.isDone();

        cluster.applicationEnds(lost.tag(), "Exit code 13");
        timers.ring();
        cluster.enginesCallHome();

        assertThat(whileItStarts).isFalse();
        assertThat(engine).isCompletedWithValueMatching(found -> !found.tag().equals(lost.tag()));
    }

    @Test
    void givesUpALaunchThatTheClusterHasNotStartedOnceNobodyWaitsForIt() {
        CompletableFuture<RunningEngine> one = engineFor(SPEC);
        CompletableFuture<RunningEngine> other = engineFor(SPEC);
        cluster.applicationsWait("Queue analysts is full");

        one.cancel(true);
        long whileOneWaits = cluster.liveApplications();
        other.cancel(true);

        assertThat(whileOneWaits).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void keepsALaunchThatTheClusterHasStartedForWhoeverComesNext() {
        engineFor(SPEC).cancel(true);

        CompletableFuture<RunningEngine> next = engineFor(SPEC);
        cluster.enginesCallHome();

        assertThat(next).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag()));
    }

    @Test
    void tellsWhatALaunchWaitsForOnceAndWhenItsTimeIsOver() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        cluster.applicationsWait("Queue analysts is full");

        timers.ring();
        timers.ring();
        registry.leasesLapse();

        assertThat(log.stream().filter(line -> line.equals("The engine waits: Queue analysts is full")))
                .hasSize(1);
        assertFailsWith(
                engine,
                ErrorCode.ENGINE_LAUNCH_FAILED,
                "The engine for alice on cluster fake did not call home within 180 s; the cluster has not started it: "
                        + "Queue analysts is full");
    }

    @Test
    void takesOverWhenTheOtherGatewaysLeaseLapses() {
        anotherGatewayLeasesAndDies();
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        int before = cluster.submissions();

        registry.leasesLapse();
        cluster.enginesCallHome();

        assertThat(before).isZero();
        assertThat(engine).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag()));
    }

    @Test
    void doesNotFollowOthersForEver() {
        anotherGatewayLeasesAndDies();
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);

        for (int turn = 1; turn <= 2; turn++) {
            assertThat(engine).isNotDone();
            registry.beforeNextLease(this::anotherGatewayLeasesAndDies);
            registry.leasesLapse();
        }
        assertThat(engine).isNotDone();
        registry.leasesLapse();

        assertFailsWith(
                engine,
                ErrorCode.ENGINE_LAUNCH_FAILED,
                "The engine for alice on cluster fake failed at other gateways");
        assertThat(cluster.submissions()).isZero();
    }

    @Test
    void takesTheEngineThatCalledHomeBetweenTheLookAndTheLease() {
        EngineLaunch others = EngineLaunch.of(SPEC);
        registry.beforeNextLease(() -> {
            registry.tryLease(others, LIMIT);
            registry.register(others.tag(), others.token(), FakeCluster.HOST, FakeCluster.PORT);
        });

        assertThat(engineFor(SPEC))
                .isCompletedWithValueMatching(found -> found.tag().equals(others.tag()));
        assertThat(cluster.submissions()).isZero();
    }

    @Test
    void aRetryIsANewAttempt() {
        cluster.refusing("Queue analysts is full");
        engineFor(SPEC);
        cluster.accepting();

        CompletableFuture<RunningEngine> retry = engineFor(SPEC);
        cluster.enginesCallHome();

        assertThat(retry).isCompletedWithValueMatching(found -> found.tag()
                .equals(onlyLaunch().tag()));
    }

    @Test
    void whoRetriesOnHearingOfTheFailureGetsANewAttempt() {
        CompletableFuture<RunningEngine> retry = engineFor(SPEC).exceptionallyCompose(failure -> engineFor(SPEC));

        cluster.applicationsEnd("Exit code 13");
        cluster.enginesCallHome();

        assertThat(retry).isCompletedWithValueMatching(found -> found.host().equals(FakeCluster.HOST));
        assertThat(cluster.submissions()).isEqualTo(2);
    }

    @Test
    void tellsItsCallersWhatHappens() {
        engineFor(SPEC);

        cluster.enginesCallHome();

        assertThat(log)
                .containsExactly(
                        "Launching an engine on cluster fake (" + onlyLaunch().tag() + ")",
                        "The engine is ready: Fake 1.0, ");
    }

    @Test
    void looksAtTheEnginesLogNoLongerThanItStarts() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        int whileItStarts = timers.waiting();

        cluster.enginesCallHome();
        timers.ring();

        assertThat(engine).isCompleted();
        assertThat(whileItStarts).isEqualTo(1);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void whoComesLateHearsWhatWasSaidBefore() {
        engineFor(SPEC);
        List<String> late = new ArrayList<>();

        pool.engineFor(SPEC, late::add);
        cluster.enginesCallHome();

        assertThat(late).hasSize(2).isEqualTo(log);
    }

    @Test
    void tellsItsCallersThatAnotherGatewayLaunches() {
        anotherGatewayLeasesAndDies();

        engineFor(SPEC);

        assertThat(log).containsExactly("Waiting for the engine that another gateway launches");
    }

    @Test
    void submitsNothingWhileTheStoreIsUnavailable() {
        registry.becomesUnavailable();

        assertFailsWith(engineFor(SPEC), ErrorCode.STORE_UNAVAILABLE, "The store does not answer");
        assertThat(cluster.submissions()).isZero();
    }

    @Test
    void submitsNothingWhenTheStoreFailsAfterTheLease() {
        registry.beforeNextLease(registry::becomesUnavailable);

        assertFailsWith(engineFor(SPEC), ErrorCode.STORE_UNAVAILABLE, "The store does not answer");
        assertThat(cluster.submissions()).isZero();
    }

    @Test
    void leavesNoWatchBehindButThatOfTheRunningEngine() {
        running();
        long whileItRuns = cluster.watches();

        watch.close();

        assertThat(whileItRuns).isEqualTo(1);
        assertThat(cluster.watches()).isZero();
    }

    @Test
    void forgetsTheEngineAsSoonAsItsApplicationEnds() {
        RunningEngine engine = running();

        cluster.applicationEnds(engine.tag(), "Exit code 1");

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isEmpty());
    }

    @Test
    void believesASuspectThatIsAlive() {
        RunningEngine engine = running();

        assertThat(pool.suspect(engine)).isCompleted();

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isPresent());
    }

    @Test
    void forgetsASuspectThatIsDead() {
        RunningEngine engine = running();
        watch.close();
        cluster.applicationEnds(engine.tag(), "Exit code 1");

        assertThat(pool.suspect(engine)).isCompleted();

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isEmpty());
    }

    @Test
    void forgetsASuspectThatItsClusterDoesNotKnow() {
        RunningEngine engine = launchedByAnother("fake");

        assertThat(pool.suspect(engine)).isCompleted();

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isEmpty());
    }

    @Test
    void forgetsASuspectOfAClusterThatThereIsNotAnyMore() {
        RunningEngine engine = launchedByAnother("gone");

        assertThat(pool.suspect(engine)).isCompleted();

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isEmpty());
    }

    @Test
    void forgetsNoSuspectOfAClusterThatCannotSay() {
        RunningEngine engine = launchedByAnother("far");

        assertFailsWith(pool.suspect(engine), ErrorCode.CLUSTER_UNAVAILABLE, "No route to host");

        assertThat(registry.find(engine.tag())).isCompletedWithValueMatching(found -> found.isPresent());
    }

    private CompletableFuture<RunningEngine> engineFor(EngineSpec spec) {
        return pool.engineFor(spec, log::add);
    }

    private RunningEngine running() {
        CompletableFuture<RunningEngine> engine = engineFor(SPEC);
        cluster.enginesCallHome();
        assertThat(engine).isCompleted();
        return engine.join();
    }

    private RunningEngine launchedByAnother(String clusterName) {
        EngineLaunch launch = EngineLaunch.of(specOf(clusterName, "bob"));
        registry.tryLease(launch, LIMIT);
        registry.register(launch.tag(), launch.token(), FakeCluster.HOST, FakeCluster.PORT);
        return registry.find(launch.tag()).join().orElseThrow();
    }

    private void anotherGatewayLeasesAndDies() {
        registry.tryLease(EngineLaunch.of(SPEC), LIMIT);
    }

    private EngineLaunch onlyLaunch() {
        assertThat(cluster.launches()).hasSize(1);
        return cluster.launches().get(0);
    }

    private void assertNothingIsLeft() {
        timers.ring();
        assertThat(timers.waiting()).isZero();
        assertThat(cluster.liveApplications()).isZero();
        assertThat(registry.leases()).isZero();
        assertThat(cluster.watches()).isZero();
    }

    private static void assertFailsWith(CompletableFuture<?> call, ErrorCode code, String message) {
        assertThat(call).isCompletedExceptionally();
        assertThatThrownBy(call::join)
                .cause()
                .isInstanceOf(GatewayException.class)
                .hasMessage(message)
                .extracting(failure -> ((GatewayException) failure).code())
                .isEqualTo(code);
    }

    private static EngineSpec specOf(String cluster, String user) {
        return new EngineSpec(
                new EngineKey(cluster, "spark", ShareLevel.USER, user, "", "default", ""), user, Map.of());
    }
}
