package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineLimits;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.EngineRegistryContract;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.Registration;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlEngineRegistryTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

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

    abstract static class OnADatabase extends EngineRegistryContract {
        private final TestStore store;
        private SqlEngineRegistry registry;
        private SqlEngineRegistry otherGateway;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @BeforeEach
        void open() {
            registry = new SqlEngineRegistry(store.here(), store.timers(), EngineLimits.NONE);
            otherGateway = new SqlEngineRegistry(store.there(), store.timers(), EngineLimits.NONE);
        }

        @Override
        protected EngineRegistry registry() {
            return registry;
        }

        @Override
        protected EngineRegistry otherGateway() {
            return otherGateway;
        }

        @Override
        protected EngineRegistry limited(EngineLimits limits) {
            return limited(store.here(), limits);
        }

        @Override
        protected boolean callHome(LaunchTag tag, Secret token, String host, int port) {
            return answer(home().register(tag, token, new Registration(host, port, "4711", "", "Spark 3.5.5", 1)));
        }

        @Override
        protected void leasesLapse() {
            store.execute("UPDATE engine SET lease_until = 0 WHERE registered_at IS NULL");
        }

        @Override
        protected void drain(LaunchTag tag) {
            answer(home().heartbeat(tag, new EngineLoad(true, 1, 0)));
        }

        @Test
        void remembersAllThatAnEngineSaysOfItself() {
            EngineLaunch launch = launch("alice", "default");
            answer(registry.tryLease(launch, LIMIT));
            Registration registration =
                    new Registration("fe80::1", 65_535, "application_1_2", "http://host:4040", "Spark 3.5.5", 1);

            answer(home().register(launch.tag(), launch.token(), registration));

            RunningEngine engine = answer(otherGateway.find(launch.tag())).orElseThrow();
            assertThat(engine.host()).isEqualTo("fe80::1");
            assertThat(engine.port()).isEqualTo(65_535);
            assertThat(engine.applicationId()).isEqualTo("application_1_2");
            assertThat(engine.webUrl()).isEqualTo("http://host:4040");
            assertThat(engine.version()).isEqualTo("Spark 3.5.5");
        }

        @Test
        void refusesAnEngineThatIsLateThoughNobodyWaitsForIt() {
            EngineLaunch launch = launch("alice", "default");
            answer(registry.tryLease(launch, LIMIT));

            leasesLapse();

            assertThat(callHome(launch.tag(), launch.token(), "127.0.0.1", 10_001))
                    .isFalse();
            assertThat(answer(registry.find(launch.tag()))).isEmpty();
        }

        @Test
        void keepsKeysApartThatOnlyLookAlike() {
            EngineLaunch one = launch(new EngineKey("local", "spark", ShareLevel.USER, "alice", "a", "b", ""));
            EngineLaunch other = launch(new EngineKey("local", "spark", ShareLevel.USER, "alice", "", "ab", ""));

            assertThat(answer(registry.tryLease(one, LIMIT))).isEqualTo(one.tag());
            assertThat(answer(registry.tryLease(other, LIMIT))).isEqualTo(other.tag());
        }

        @Test
        void knowsByWhichProfileAnEngineWasMade() {
            EngineLaunch own = launch("alice", "default");
            EngineLaunch etl =
                    launch(new EngineKey("local", "spark", "etl", ShareLevel.USER, "alice", "", "default", ""));
            answer(registry.tryLease(own, LIMIT));

            assertThat(answer(otherGateway.tryLease(etl, LIMIT))).isEqualTo(etl.tag());
            assertThat(callHome(etl.tag(), etl.token(), "127.0.0.1", 10_001)).isTrue();
            assertThat(answer(otherGateway.find(etl.spec().key())))
                    .map(RunningEngine::key)
                    .contains(etl.spec().key());
            assertThat(answer(otherGateway.find(own.spec().key()))).isEmpty();
        }

        @Test
        void leasesAKeyToOneOfManyWhoAskAtOnce() {
            List<CompletableFuture<LaunchTag>> asked = new ArrayList<>();

            for (int i = 0; i < 20; i++) {
                asked.add(registry.tryLease(launch("alice", "default"), LIMIT));
                asked.add(otherGateway.tryLease(launch("alice", "default"), LIMIT));
            }

            Set<LaunchTag> holders = new HashSet<>();
            asked.forEach(holder -> holders.add(answer(holder)));
            assertThat(holders).hasSize(1);
        }

        @Test
        void followersOfALaunchAreNotToldThatThereAreTooManyEngines() {
            SqlEngineRegistry here = limited(store.here(), 1);
            SqlEngineRegistry there = limited(store.there(), 1);

            for (int round = 0; round < 20; round++) {
                String user = "user" + round;
                CompletableFuture<LaunchTag> one = here.tryLease(launch(user, "default"), LIMIT);
                CompletableFuture<LaunchTag> other = there.tryLease(launch(user, "default"), LIMIT);

                assertThat(answer(one)).isEqualTo(answer(other));
            }
        }

        @Test
        void neverLetsAUserHaveMoreEnginesThanAllowed() {
            SqlEngineRegistry here = limited(store.here(), 3);
            SqlEngineRegistry there = limited(store.there(), 3);
            List<CompletableFuture<LaunchTag>> asked = new ArrayList<>();

            for (int i = 0; i < 10; i++) {
                asked.add(here.tryLease(launch("alice", "here" + i), LIMIT));
                asked.add(there.tryLease(launch("alice", "there" + i), LIMIT));
            }

            assertThat(asked.stream().filter(SqlEngineRegistryTest::succeeds)).hasSize(3);
        }

        @Test
        void neverLetsAClusterHaveMoreEnginesThanAllowed() {
            EngineLimits three = new EngineLimits(0, Map.of("local", new EngineLimits.OfCluster(3, 0)));
            SqlEngineRegistry here = limited(store.here(), three);
            SqlEngineRegistry there = limited(store.there(), three);
            List<CompletableFuture<LaunchTag>> asked = new ArrayList<>();

            for (int i = 0; i < 10; i++) {
                asked.add(here.tryLease(launch("user" + i, "here"), LIMIT));
                asked.add(there.tryLease(launch("user" + i, "there"), LIMIT));
            }

            assertThat(asked.stream().filter(SqlEngineRegistryTest::succeeds)).hasSize(3);
        }

        @Test
        void tellsNobodyThatALeaseIsOverWhileItsEngineRegisters() {
            EngineLaunch launch = launch("alice", "default");
            answer(registry.tryLease(launch, LIMIT));
            leasesLapse();
            CountDownLatch registering = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            CompletableFuture<Integer> registration = store.there().call(handle -> {
                int rows = handle.execute(
                        "UPDATE engine SET registered_at = 1, host = 'a', port = 1, application_id = '', web_url = '',"
                                + " version = '' WHERE tag = ?",
                        launch.tag().value());
                registering.countDown();
                await(told);
                return rows;
            });
            await(registering);

            CompletableFuture<Optional<RunningEngine>> engine = registry.registrationOf(launch.tag());

            assertThatThrownBy(() -> engine.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            told.countDown();
            assertThat(answer(registration)).isEqualTo(1);
            assertThat(answer(engine)).isPresent();
        }

        @Test
        void keepsNeitherTokenNorAnythingThatOpensIt() {
            EngineLaunch launch = launch("alice", "default");

            answer(registry.tryLease(launch, LIMIT));

            assertThat(store.contentOf("engine"))
                    .contains(launch.tag().value())
                    .noneMatch(text -> text.contains(launch.token().value()));
        }

        private SqlEngineHome home() {
            return new SqlEngineHome(store.here(), registry, Clock.systemUTC(), Duration.ZERO);
        }

        private SqlEngineRegistry limited(Database database, int enginesPerUser) {
            return limited(database, new EngineLimits(enginesPerUser, Map.of()));
        }

        private SqlEngineRegistry limited(Database database, EngineLimits limits) {
            return new SqlEngineRegistry(database, store.timers(), limits);
        }
    }

    private static EngineLaunch launch(String user, String subdomain) {
        return launch(new EngineKey("local", "spark", ShareLevel.USER, user, "", subdomain, ""));
    }

    private static EngineLaunch launch(EngineKey key) {
        return EngineLaunch.of(new EngineSpec(key, key.identity(), Map.of()));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static boolean succeeds(CompletableFuture<?> call) {
        return call.handle((value, failure) -> Optional.ofNullable(failure))
                .orTimeout(30, TimeUnit.SECONDS)
                .join()
                .isEmpty();
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
