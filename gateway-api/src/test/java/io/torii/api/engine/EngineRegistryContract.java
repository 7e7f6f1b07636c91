package io.torii.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link EngineRegistry} promises. A registry's own test extends this. */
public abstract class EngineRegistryContract {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String HOST = "127.0.0.1";

    private final EngineLaunch alices = launchFor("alice");
    private final EngineLaunch secondOfAlice = launchFor("alice");
    private final EngineLaunch bobs = launchFor("bob");

    protected abstract EngineRegistry registry();

    /** The same registry, as another gateway sees it. */
    protected abstract EngineRegistry otherGateway();

    /** The same registry, but with limits. */
    protected abstract EngineRegistry limited(EngineLimits limits);

    /** An engine calls home at {@link #registry()}; false if it is refused. */
    protected abstract boolean callHome(LaunchTag tag, Secret token, String host, int port);

    /** Lets so much time go by that every lease is over, but no engine is taken for dead. */
    protected abstract void leasesLapse();

    /** Makes the engine of this launch drain. */
    protected abstract void drain(LaunchTag tag);

    @Test
    void knowsNoEngineBeforeOneCallsHome() {
        answer(registry().tryLease(alices, LIMIT));

        assertThat(answer(registry().find(alices.spec().key()))).isEmpty();
        assertThat(answer(registry().find(alices.tag()))).isEmpty();
        assertThat(answer(registry().all())).isEmpty();
    }

    @Test
    void leasesAFreeKeyToWhoAsksFirst() {
        LaunchTag first = answer(registry().tryLease(alices, LIMIT));
        LaunchTag second = answer(otherGateway().tryLease(secondOfAlice, LIMIT));

        assertThat(first).isEqualTo(alices.tag());
        assertThat(second).isEqualTo(alices.tag());
    }

    @Test
    void grantsTheSameLaunchItsLeaseAgain() {
        answer(registry().tryLease(alices, LIMIT));

        assertThat(answer(registry().tryLease(alices, LIMIT))).isEqualTo(alices.tag());
    }

    @Test
    void leasesDifferentKeysIndependently() {
        answer(registry().tryLease(alices, LIMIT));

        assertThat(answer(registry().tryLease(bobs, LIMIT))).isEqualTo(bobs.tag());
    }

    @Test
    void knowsAnEngineThatHasCalledHome() {
        RunningEngine engine = running(alices);

        assertThat(engine.host()).isEqualTo(HOST);
        assertThat(engine.port()).isEqualTo(10_001);
        assertThat(engine.key()).isEqualTo(alices.spec().key());
        assertThat(engine.secret()).isEqualTo(alices.secret());
        assertThat(answer(registry().find(alices.spec().key()))).contains(engine);
        assertThat(answer(otherGateway().find(alices.spec().key()))).contains(engine);
        assertThat(answer(otherGateway().find(alices.tag()))).contains(engine);
        assertThat(answer(otherGateway().all())).containsExactly(engine);
    }

    @Test
    void keepsKeysApart() {
        running(alices);

        assertThat(answer(registry().find(bobs.spec().key()))).isEmpty();
    }

    @Test
    void namesTheLaunchWhoseEngineServesAKeyInsteadOfLeasingIt() {
        RunningEngine engine = running(alices);

        LaunchTag holder = answer(otherGateway().tryLease(secondOfAlice, LIMIT));

        assertThat(holder).isEqualTo(alices.tag());
        assertThat(answer(otherGateway().registrationOf(holder))).contains(engine);
    }

    @Test
    void tellsEveryGatewayOfARegistration() {
        answer(registry().tryLease(alices, LIMIT));
        CompletableFuture<Optional<RunningEngine>> here = registry().registrationOf(alices.tag());
        CompletableFuture<Optional<RunningEngine>> there = otherGateway().registrationOf(alices.tag());

        boolean welcome = callHome(alices.tag(), alices.token(), HOST, 10_001);

        assertThat(welcome).isTrue();
        assertThat(answer(here)).map(RunningEngine::tag).contains(alices.tag());
        assertThat(answer(there)).isEqualTo(answer(here));
    }

    @Test
    void whoStopsWaitingForARegistrationHarmsNobody() {
        answer(registry().tryLease(alices, LIMIT));
        CompletableFuture<Optional<RunningEngine>> patient = registry().registrationOf(alices.tag());

        registry().registrationOf(alices.tag()).cancel(false);
        callHome(alices.tag(), alices.token(), HOST, 10_001);

        assertThat(answer(patient)).isPresent();
    }

    @Test
    void opensToATokenOnlyOnce() {
        running(alices);

        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_002)).isFalse();
        assertThat(answer(registry().find(alices.tag())))
                .map(RunningEngine::port)
                .contains(10_001);
    }

    @Test
    void answersTheSameRegistrationAgainAsBefore() {
        running(alices);

        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_001)).isTrue();
    }

    @Test
    void refusesAWrongToken() {
        answer(registry().tryLease(alices, LIMIT));

        assertThat(callHome(alices.tag(), bobs.token(), HOST, 10_001)).isFalse();
        assertThat(answer(registry().find(alices.tag()))).isEmpty();
    }

    @Test
    void refusesAnUnknownTag() {
        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_001)).isFalse();
    }

    @Test
    void endsALeaseThatHasLapsed() {
        answer(registry().tryLease(alices, LIMIT));
        CompletableFuture<Optional<RunningEngine>> registration = registry().registrationOf(alices.tag());

        leasesLapse();

        assertThat(answer(registration)).isEmpty();
        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_001)).isFalse();
        assertThat(answer(otherGateway().tryLease(secondOfAlice, LIMIT))).isEqualTo(secondOfAlice.tag());
    }

    @Test
    void endsALeaseThatIsReleased() {
        answer(registry().tryLease(alices, LIMIT));
        CompletableFuture<Optional<RunningEngine>> registration = otherGateway().registrationOf(alices.tag());

        answer(registry().release(alices.tag()));

        assertThat(answer(registration)).isEmpty();
        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_001)).isFalse();
        assertThat(answer(otherGateway().tryLease(secondOfAlice, LIMIT))).isEqualTo(secondOfAlice.tag());
    }

    @Test
    void releasingWhatHasRegisteredChangesNothing() {
        RunningEngine engine = running(alices);

        answer(registry().release(alices.tag()));

        assertThat(answer(registry().find(alices.spec().key()))).contains(engine);
    }

    @Test
    void answersAtOnceForALaunchThatItDoesNotKnow() {
        assertThat(answer(registry().registrationOf(alices.tag()))).isEmpty();
    }

    @Test
    void givesNoNewSessionsToADrainingEngine() {
        RunningEngine engine = running(alices);

        drain(alices.tag());

        assertThat(answer(otherGateway().find(alices.spec().key()))).isEmpty();
        assertThat(answer(otherGateway().find(alices.tag()))).contains(engine);
        assertThat(answer(otherGateway().all())).containsExactly(engine);
        assertThat(answer(otherGateway().tryLease(secondOfAlice, LIMIT))).isEqualTo(secondOfAlice.tag());
    }

    @Test
    void knowsTheLaunchesThatAreLeasedAndThoseWhoseEnginesRun() {
        running(alices);
        answer(registry().tryLease(bobs, LIMIT));

        assertThat(answer(otherGateway().tags())).containsExactlyInAnyOrder(alices.tag(), bobs.tag());

        answer(registry().release(bobs.tag()));
        assertThat(answer(otherGateway().tags())).containsExactly(alices.tag());
    }

    @Test
    void knowsNoLaunchWhoseLeaseHasLapsed() {
        answer(registry().tryLease(bobs, LIMIT));

        leasesLapse();

        assertThat(answer(otherGateway().tags())).isEmpty();
    }

    @Test
    void forgetsWhatIsRemoved() {
        running(alices);

        answer(otherGateway().remove(alices.tag()));

        assertThat(answer(registry().find(alices.spec().key()))).isEmpty();
        assertThat(answer(registry().find(alices.tag()))).isEmpty();
        assertThat(answer(registry().all())).isEqualTo(List.of());
        assertThat(callHome(alices.tag(), alices.token(), HOST, 10_001)).isFalse();
    }

    @Test
    void waitsAsLongAsTheLeaseLasts() {
        answer(registry().tryLease(alices, LIMIT));

        CompletableFuture<Optional<RunningEngine>> registration = registry().registrationOf(alices.tag());

        assertThatThrownBy(() -> registration.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }

    @Test
    void refusesAUserMoreEnginesThanAllowed() {
        EngineRegistry limited = limited(new EngineLimits(2, Map.of()));
        lease(limited, launch("near", "alice", "one"));
        lease(limited, launch("far", "alice", "two"));

        refused(
                limited.tryLease(launch("near", "alice", "three"), LIMIT),
                "User alice has 2 engines, as many as there may be; use an engine that runs (the same sub-domain and"
                        + " launch settings), or wait until one of them ends");
        lease(limited, launch("near", "bob", "one"));
    }

    @Test
    void refusesAUserMoreEnginesOnAClusterThanAllowedThere() {
        EngineRegistry limited = limited(onNear(0, 1));
        lease(limited, launch("near", "alice", "one"));

        refused(
                limited.tryLease(launch("near", "alice", "two"), LIMIT),
                "User alice has 1 engine on cluster near, as many as there may be;");
        lease(limited, launch("far", "alice", "two"));
        lease(limited, launch("far", "alice", "three"));
        lease(limited, launch("near", "bob", "one"));
    }

    @Test
    void refusesMoreEnginesOnAClusterThanAllowedThere() {
        EngineRegistry limited = limited(onNear(2, 0));
        lease(limited, launch("far", "alice", "one"));
        lease(limited, launch("near", "alice", "one"));
        lease(limited, launch("near", "bob", "one"));

        refused(
                limited.tryLease(launch("near", "carol", "one"), LIMIT),
                "Cluster near has 2 engines, as many as there may be;");
        lease(limited, launch("far", "carol", "one"));
    }

    @Test
    void countsEnginesThatAllShareForTheUserWhoAskedForThem() {
        EngineRegistry limited = limited(onNear(0, 1));
        lease(limited, shared("alice", "one"));

        refused(limited.tryLease(shared("alice", "two"), LIMIT), "User alice has 1 engine");
        lease(limited, shared("bob", "three"));
    }

    @Test
    void namesTheEngineThatServesAKeyThoughThereAreAsManyAsAllowed() {
        EngineRegistry limited = limited(new EngineLimits(1, Map.of("near", new EngineLimits.OfCluster(1, 1))));
        EngineLaunch first = launch("near", "alice", "one");
        lease(limited, first);

        assertThat(answer(limited.tryLease(launch("near", "alice", "one"), LIMIT)))
                .isEqualTo(first.tag());
    }

    @Test
    void countsNoEngineThatDrainsNorLeaseThatIsOver() {
        EngineRegistry limited = limited(new EngineLimits(1, Map.of("near", new EngineLimits.OfCluster(1, 1))));
        EngineLaunch draining = launch("near", "alice", "one");
        lease(limited, draining);
        callHome(draining.tag(), draining.token(), HOST, 10_001);
        drain(draining.tag());
        lease(limited, launch("near", "alice", "two"));
        leasesLapse();

        lease(limited, launch("near", "alice", "three"));
    }

    private static EngineLimits onNear(int engines, int perUser) {
        return new EngineLimits(0, Map.of("near", new EngineLimits.OfCluster(engines, perUser)));
    }

    private static void lease(EngineRegistry registry, EngineLaunch launch) {
        assertThat(answer(registry.tryLease(launch, LIMIT))).isEqualTo(launch.tag());
    }

    private static void refused(CompletableFuture<LaunchTag> lease, String sentence) {
        assertThatThrownBy(() -> answer(lease)).rootCause().isInstanceOfSatisfying(GatewayException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_ENGINES);
            assertThat(refusal).hasMessageStartingWith(sentence);
        });
    }

    private static EngineLaunch launch(String cluster, String user, String subdomain) {
        EngineKey key = new EngineKey(cluster, "spark", ShareLevel.USER, user, "", subdomain, "");
        return EngineLaunch.of(new EngineSpec(key, user, Map.of()));
    }

    private static EngineLaunch shared(String requestedBy, String subdomain) {
        EngineKey key = new EngineKey("near", "spark", ShareLevel.SERVER, "torii", "", subdomain, "");
        return EngineLaunch.of(new EngineSpec(key, "torii", requestedBy, Map.of()));
    }

    private RunningEngine running(EngineLaunch launch) {
        answer(registry().tryLease(launch, LIMIT));
        assertThat(callHome(launch.tag(), launch.token(), HOST, 10_001)).isTrue();
        return answer(registry().registrationOf(launch.tag())).orElseThrow();
    }

    private static EngineLaunch launchFor(String user) {
        EngineKey key = new EngineKey("local", "spark", ShareLevel.USER, user, "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, user, Map.of()));
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
