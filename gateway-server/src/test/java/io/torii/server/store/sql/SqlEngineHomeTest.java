package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineLimits;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.Registration;
import io.torii.server.store.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlEngineHomeTest {
    private static final Duration STORED_EVERY = Duration.ofSeconds(30);
    private static final Registration REGISTRATION =
            new Registration("127.0.0.1", 10_001, "4711", "", "Spark 3.5.5", 1);

    @Nested
    class OnH2 extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onH2();

        OnH2() {
            super(STORE);
        }
    }

    @Nested
    class OnPostgres extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onPostgres();

        OnPostgres() {
            super(STORE);
        }
    }

    abstract static class OnADatabase {
        private final TestStore store;
        private final MovableClock clock = new MovableClock();
        private final EngineLaunch launch = EngineLaunch.of(new EngineSpec(
                new EngineKey("local", "spark", ShareLevel.USER, "alice", "", "default", ""), "alice", Map.of()));
        private final LaunchTag tag = launch.tag();
        private SqlEngineRegistry registry;
        private SqlEngineHome home;
        private SqlEngineHome otherGateway;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @BeforeEach
        void open() {
            registry = new SqlEngineRegistry(store.here(), store.timers(), EngineLimits.NONE);
            home = new SqlEngineHome(store.here(), registry, clock, STORED_EVERY);
            otherGateway = new SqlEngineHome(
                    store.there(),
                    new SqlEngineRegistry(store.there(), store.timers(), EngineLimits.NONE),
                    clock,
                    STORED_EVERY);
            answer(registry.tryLease(launch, Duration.ofMinutes(3)));
        }

        @Test
        void tellsTheStoreOfAHeartbeatOnceInAWhile() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)));

            clock.advance(STORED_EVERY.minusMillis(1));
            Optional<EngineCommand> command = answer(home.heartbeat(tag, new EngineLoad(false, 2, 0)));
            List<Integer> early = storedSessions();
            clock.advance(Duration.ofMillis(1));
            answer(home.heartbeat(tag, new EngineLoad(false, 3, 0)));

            assertThat(command).contains(EngineCommand.NONE);
            assertThat(early).containsExactly(1);
            assertThat(storedSessions()).containsExactly(3);
        }

        @Test
        void tellsTheStoreAtOnceThatAnEngineDrains() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)));

            answer(home.heartbeat(tag, new EngineLoad(true, 1, 0)));

            assertThat(answer(registry.find(launch.spec().key()))).isEmpty();
            assertThat(answer(registry.find(tag))).isPresent();
        }

        @Test
        void anEngineThatDrainsDoesNotServeAgain() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(true, 1, 0)));

            answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)));

            assertThat(answer(registry.find(launch.spec().key()))).isEmpty();
        }

        @Test
        void knowsWhatARegisteredEngineWasLaunchedAs() {
            Optional<EngineSpec> before = answer(home.specOf(tag));
            register();

            assertThat(before).isEmpty();
            assertThat(answer(otherGateway.specOf(tag))).contains(launch.spec());
            assertThat(answer(home.specOf(LaunchTag.random()))).isEmpty();
        }

        @Test
        void knowsTheUserOfAnEngineThatServesOneConnection() {
            EngineKey key = new EngineKey("local", "spark", ShareLevel.CONNECTION, "a-session", "", "default", "");
            EngineLaunch ofOneSession = EngineLaunch.of(new EngineSpec(key, "alice", "alice", Map.of()));
            answer(registry.tryLease(ofOneSession, Duration.ofMinutes(3)));
            answer(home.register(ofOneSession.tag(), ofOneSession.token(), REGISTRATION));

            assertThat(answer(home.specOf(ofOneSession.tag()))).contains(ofOneSession.spec());
        }

        @Test
        void anyGatewayHearsAnyEngine() {
            register();

            assertThat(answer(otherGateway.heartbeat(tag, new EngineLoad(false, 7, 1))))
                    .contains(EngineCommand.NONE);
            assertThat(storedSessions()).containsExactly(7);
        }

        @Test
        void knowsWhichEnginesHaveNotReportedForAWhile() {
            register();

            assertThat(answer(home.silentFor(Duration.ofMinutes(1)))).isEmpty();
            assertThat(answer(home.silentFor(Duration.ZERO)))
                    .extracting(RunningEngine::tag)
                    .containsExactly(tag);
        }

        @Test
        void doesNotKnowAnEngineThatNobodyLaunched() {
            assertThat(answer(home.heartbeat(LaunchTag.random(), new EngineLoad(false, 0, 0))))
                    .isEmpty();
        }

        @Test
        void doesNotKnowAnEngineThatHasNotRegistered() {
            assertThat(answer(home.heartbeat(tag, new EngineLoad(false, 0, 0)))).isEmpty();
            assertThat(answer(home.secretOf(tag))).isEmpty();
        }

        @Test
        void anEngineThatWasRemovedHearsOfItWhenTheStoreIsAskedNext() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)));
            answer(registry.remove(tag));

            clock.advance(STORED_EVERY);

            assertThat(answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)))).isEmpty();
            assertThat(answer(home.secretOf(tag))).isEmpty();
        }

        @Test
        void anEngineThatIsKnownIsNoOrphanWhileTheStoreIsAway() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 1, 0)));
            clock.advance(STORED_EVERY);
            store.execute("ALTER TABLE engine RENAME TO away");
            try {
                assertThat(answer(home.heartbeat(tag, new EngineLoad(false, 2, 0))))
                        .contains(EngineCommand.NONE);
                assertThat(otherGateway.heartbeat(tag, new EngineLoad(false, 2, 0)))
                        .failsWithin(Duration.ofSeconds(30));
            } finally {
                store.execute("ALTER TABLE away RENAME TO engine");
            }

            answer(home.heartbeat(tag, new EngineLoad(false, 3, 0)));

            assertThat(storedSessions()).containsExactly(3);
        }

        @Test
        void forgetsAnEngineThatLeaves() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 0, 0)));

            answer(home.leave(tag, "idle"));

            assertThat(answer(registry.find(tag))).isEmpty();
            assertThat(answer(home.secretOf(tag))).isEmpty();
            assertThat(answer(home.heartbeat(tag, new EngineLoad(false, 0, 0)))).isEmpty();
        }

        @Test
        void doesNotMindThatAStrangerLeaves() {
            register();

            answer(home.leave(LaunchTag.random(), "idle"));

            assertThat(answer(registry.find(tag))).isPresent();
        }

        @Test
        void knowsTheSecretOfARegisteredEngineAtEveryGateway() {
            register();
            answer(home.heartbeat(tag, new EngineLoad(false, 0, 0)));

            assertThat(answer(home.secretOf(tag))).contains(launch.secret());
            assertThat(answer(otherGateway.secretOf(tag))).contains(launch.secret());
            assertThat(answer(home.secretOf(LaunchTag.random()))).isEmpty();
        }

        @Test
        void tellsThoseWhoWaitAtThisGatewayOfARegistrationAtOnce() {
            CompletableFuture<Void> looked = new CompletableFuture<>();
            SqlEngineRegistry looksOnce = new SqlEngineRegistry(
                    store.here(),
                    (delay, action) -> {
                        looked.complete(null);
                        return () -> {};
                    },
                    EngineLimits.NONE);
            CompletableFuture<Optional<RunningEngine>> waiting = looksOnce.registrationOf(tag);
            answer(looked);

            answer(new SqlEngineHome(store.here(), looksOnce, clock, STORED_EVERY)
                    .register(tag, launch.token(), REGISTRATION));

            assertThat(answer(waiting)).map(RunningEngine::applicationId).contains("4711");
        }

        @Test
        void keepsTheTokenOutOfTheStoreForEver() {
            register();

            assertThat(store.contentOf("engine"))
                    .contains("4711")
                    .noneMatch(text -> text.contains(launch.token().value()));
        }

        @Test
        void refusesTheDigestInPlaceOfTheToken() {
            Secret digest = new Secret(EngineRow.digest(launch.token().value()));
            assertThat(store.contentOf("engine")).contains(digest.value());

            assertThat(answer(home.register(tag, digest, REGISTRATION))).isFalse();
        }

        private void register() {
            assertThat(answer(home.register(tag, launch.token(), REGISTRATION))).isTrue();
        }

        private List<Integer> storedSessions() {
            return answer(store.here().call(handle -> handle.createQuery("SELECT sessions FROM engine")
                    .mapTo(Integer.class)
                    .list()));
        }

        private static <T> T answer(CompletableFuture<T> future) {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
