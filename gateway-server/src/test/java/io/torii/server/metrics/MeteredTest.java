package io.torii.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeteredTest {
    private static final EngineSpec SPEC = new EngineSpec(
            new EngineKey("local", "spark", ShareLevel.USER, "alice", "", "default", ""), "alice", Map.of());

    private final GatewayMetrics metrics = new GatewayMetrics();
    private final FakeEngineRegistry engines = new FakeEngineRegistry();
    private final MeteredRegistry registry =
            new MeteredRegistry(engines, metrics, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void aLaunchWhoseEngineCallsHomeIsReady() {
        EngineLaunch launch = EngineLaunch.of(SPEC);
        registry.tryLease(launch, Duration.ofMinutes(1)).join();
        registry.registrationOf(launch.tag());

        engines.register(launch.tag(), launch.token(), "127.0.0.1", 4_000);

        assertThat(metrics.scrape()).contains("torii_engine_launch_seconds_count{outcome=\"ready\"} 1");
    }

    @Test
    void aLaunchThatIsGivenUpHasFailedOnce() {
        EngineLaunch launch = EngineLaunch.of(SPEC);
        registry.tryLease(launch, Duration.ofMinutes(1)).join();

        registry.release(launch.tag());
        registry.release(launch.tag());

        assertThat(metrics.scrape()).contains("torii_engine_launch_seconds_count{outcome=\"failed\"} 1");
    }

    @Test
    void anotherGatewaysLaunchIsNotCounted() {
        EngineLaunch theirs = EngineLaunch.of(SPEC);
        engines.tryLease(theirs, Duration.ofMinutes(1)).join();

        registry.tryLease(EngineLaunch.of(SPEC), Duration.ofMinutes(1)).join();
        registry.registrationOf(theirs.tag());
        engines.register(theirs.tag(), theirs.token(), "127.0.0.1", 4_000);

        assertThat(metrics.scrape()).doesNotContain("torii_engine_launch_seconds_count");
    }

    @Test
    void loginsAreCountedByOutcome() {
        List<CompletableFuture<Identity>> outcomes = List.of(
                CompletableFuture.completedFuture(new Identity("alice", Set.of())),
                CompletableFuture.failedFuture(new GatewayException(ErrorCode.AUTHENTICATION_FAILED, "wrong")),
                CompletableFuture.failedFuture(new GatewayException(ErrorCode.AUTHENTICATION_UNAVAILABLE, "away")));

        outcomes.forEach(outcome -> new MeteredAuthenticator(
                        new Authenticator() {
                            @Override
                            public CompletableFuture<Identity> authenticate(String user, Secret password) {
                                return outcome;
                            }

                            @Override
                            public CompletableFuture<Optional<Identity>> find(String user) {
                                return CompletableFuture.completedFuture(Optional.empty());
                            }

                            @Override
                            public boolean admitsAnyone() {
                                return false;
                            }
                        },
                        metrics)
                .authenticate("alice", new Secret("x")));

        assertThat(metrics.scrape())
                .contains("torii_logins_total{outcome=\"admitted\"} 1.0")
                .contains("torii_logins_total{outcome=\"refused\"} 1.0")
                .contains("torii_logins_total{outcome=\"undecided\"} 1.0");
    }
}
