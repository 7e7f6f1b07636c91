package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.spark.catalog.Metadata;
import io.torii.spark.result.ResultLimits;
import io.torii.spark.result.ResultSets;
import io.torii.spark.session.MovingClock;
import io.torii.spark.session.SessionService;
import io.torii.spark.session.TestClient;
import io.torii.spark.session.TestSpark;
import io.torii.wire.HomeCommand;
import io.torii.wire.LaunchFile;
import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EngineLifecycleTest {
    private static final Duration TICK = Duration.ofMinutes(1);
    private static final String FOREVER = "SELECT sum(id % 7) FROM range(0, 1000000000000000, 1, 2)";
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path spill;

    private final MovingClock clock = new MovingClock();
    private final FakeHome home = new FakeHome();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private ResultSets results;
    private SessionService sessions;
    private EngineLifecycle lifecycle;
    private HomeLink link;
    private TestClient alice;

    @BeforeEach
    void start() {
        results = new ResultSets(TestSpark.get(), new ResultLimits(1 << 20, 1 << 20, spill, 1 << 20));
        sessions = new SessionService(TestSpark.get(), results, new Metadata(results), clock);
        lifecycle = new EngineLifecycle(new EngineOptions(launch()), sessions, clock, TICK);
        link = new HomeLink(home, lifecycle, sessions, thread);
        alice = new TestClient(
                call -> sessions.handler().handle(call).toCompletableFuture(),
                "alice",
                TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
    }

    @AfterEach
    void stop() {
        sessions.close();
        results.close();
        thread.shutdownNow();
    }

    @Test
    void endsWhenItsFirstSessionDoesNotCome() {
        later(Duration.ofMinutes(4));
        assertThat(lifecycle.ended()).isNotDone();

        later(Duration.ofMinutes(1));

        assertThat(lifecycle.ended().join().reason()).isEqualTo("no session for PT5M");
        assertThatThrownBy(() -> alice.open())
                .as("a session after the decision to end")
                .hasMessageContaining("end");
    }

    @Test
    void endsAfterIdlingSinceItsLastSession() {
        String session = alice.open();
        later(Duration.ofMinutes(40));
        assertThat(lifecycle.ended()).as("end while a session is open").isNotDone();
        alice.close(session);
        later(Duration.ofMinutes(29));
        assertThat(lifecycle.ended()).as("end before the idle time-out").isNotDone();

        later(Duration.ofMinutes(1));

        assertThat(lifecycle.ended().join().code()).isZero();
        assertThat(lifecycle.ended().join().reason()).isEqualTo("no session for PT30M");
    }

    @Test
    void drainsAtItsMaximumLifetime() {
        link.call();
        String session = alice.open();
        String unread = alice.execute(session, "SELECT 1");
        alice.end(session, unread);
        later(Duration.ofHours(8));
        link.call();

        assertThat(home.said).containsExactly("register", "draining 1 0");
        assertThatThrownBy(() -> alice.open()).hasMessageContaining("takes no new sessions");
        assertThat(alice.rows(session, "SELECT 1")).containsExactly("1");
        alice.close(session);
        later(Duration.ZERO);
        assertThat(lifecycle.ended().join().reason()).isEqualTo("drained");
    }

    @Test
    void letsGoOfASessionOnceItHasNoStatementWhileItDrains() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT 1");
        alice.end(session, statement);
        later(Duration.ofHours(8));
        assertThat(lifecycle.ended()).isNotDone();
        alice.closeStatement(session, statement);

        later(Duration.ZERO);

        assertThatThrownBy(() -> alice.execute(session, "SELECT 1"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_SESSION));
        assertThat(lifecycle.ended().join().reason()).isEqualTo("drained");
    }

    @Test
    void keepsASessionThatNoJournalCanBringBack() {
        String session = alice.open();
        alice.rows(session, "CACHE LAZY TABLE kept AS SELECT 1 AS a");

        later(Duration.ofHours(8));

        assertThat(alice.rows(session, "SELECT a FROM kept")).containsExactly("1");
    }

    @Test
    void letsStatementsEndThatRunAtTheDrainTimeoutAndTakesNoOthers() {
        String session = alice.open();
        String statement = alice.execute(session, FOREVER);
        alice.running(session, statement);
        later(Duration.ofHours(9));

        assertThat(lifecycle.ended()).isNotDone();
        assertThatThrownBy(() -> alice.execute(session, "SELECT 1")).hasMessageContaining("let the session go");
        assertThatThrownBy(() -> alice.openAs(session, Collections.emptyMap()))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.DRAINING));

        alice.cancel(session, statement);
        later(Duration.ZERO);
        assertThat(lifecycle.ended().join().reason()).startsWith("sessions were still open PT1H");
    }

    @Test
    void endsUnderAStatementThatGoesOnForAnotherDrainTimeout() {
        String session = alice.open();
        alice.running(session, alice.execute(session, FOREVER));
        later(Duration.ofHours(8));
        later(Duration.ofMinutes(119));
        assertThat(lifecycle.ended()).isNotDone();

        later(Duration.ofMinutes(1));

        assertThat(lifecycle.ended().join().reason()).isEqualTo("statements still ran PT2H after draining began");
    }

    @Test
    void countsNoTimeInWhichTheMachineSlept() {
        clock.move(Duration.ofHours(20));
        lifecycle.tick();
        assertThat(lifecycle.ended()).as("end without a session or a gateway").isNotDone();
        assertThat(lifecycle.isDraining()).isFalse();

        later(Duration.ofHours(9));

        assertThat(lifecycle.ended()).as("time awake counts").isDone();
    }

    @Test
    void livesNoLongerBecauseTheClockWasSetBack() {
        clock.move(Duration.ofDays(-400));
        lifecycle.tick();

        later(Duration.ofHours(9));

        assertThat(lifecycle.ended()).isDone();
    }

    @Test
    void keepsSessionsThatNobodyUsedWhileTheMachineSlept() {
        LaunchFile launch = launch("session-idle-timeout", "PT1H");
        lifecycle = new EngineLifecycle(new EngineOptions(launch), sessions, clock, TICK);
        String session = alice.open();
        clock.move(Duration.ofHours(20));
        lifecycle.tick();

        assertThat(alice.rows(session, "SELECT 1")).containsExactly("1");
    }

    @Test
    void tellsAGatewayAtOnceThatItDrains() throws Exception {
        home.interval = Duration.ofHours(1);
        link.start();
        home.calls.take();

        lifecycle.drain("enough");

        assertThat(home.calls.poll(60, TimeUnit.SECONDS)).isEqualTo("draining 0 0");
    }

    @Test
    void doesNotDrainForEver() {
        String session = alice.open();
        String unread = alice.execute(session, "SELECT 1");
        alice.end(session, unread);
        later(Duration.ofHours(8));
        later(Duration.ofMinutes(59));
        assertThat(lifecycle.ended()).isNotDone();

        later(Duration.ofMinutes(1));

        assertThat(lifecycle.ended().join().code()).isZero();
        assertThat(lifecycle.ended().join().reason()).startsWith("sessions were still open PT1H");
    }

    @Test
    void endsWhenNoGatewayAnswersForLong() {
        alice.open();
        link.call();
        home.reachable = false;
        alone(Duration.ofMinutes(9));
        link.call();
        assertThat(lifecycle.ended()).isNotDone();

        alone(Duration.ofMinutes(1));

        assertThat(lifecycle.ended().join().reason()).isEqualTo("no gateway answered for PT10M");
    }

    @Test
    void livesOnWhenAGatewayAnswersAgain() {
        alice.open();
        link.call();
        home.reachable = false;
        alone(Duration.ofMinutes(9));
        link.call();
        home.reachable = true;
        link.call();

        alone(Duration.ofMinutes(9));

        assertThat(lifecycle.ended()).isNotDone();
        assertThat(home.said).containsExactly("register", "ready 1 0");
    }

    @Test
    void registersAgainUntilAGatewayAnswers() {
        home.reachable = false;
        link.call();
        assertThat(link.isRegistered()).isFalse();
        home.reachable = true;

        link.call();

        assertThat(link.isRegistered()).isTrue();
        assertThat(home.said).containsExactly("register");
    }

    @Test
    void endsWithACodeOfItsOwnWhenItIsRefused() {
        home.refusing = true;

        link.call();

        assertThat(lifecycle.ended().join().code()).isEqualTo(3);
        link.leave("whatever", LONG);
        assertThat(home.said).as("no goodbye from an engine that nobody knows").containsExactly("register");
    }

    @Test
    void doesWhatAGatewayTellsIt() {
        link.call();
        link.call();
        assertThat(lifecycle.isDraining()).isFalse();

        home.command = HomeCommand.DRAIN;
        link.call();
        assertThat(lifecycle.isDraining()).isTrue();
        assertThat(lifecycle.ended()).isNotDone();

        home.command = HomeCommand.EXIT;
        link.call();
        assertThat(lifecycle.ended().join().reason()).isEqualTo("a gateway said so");
    }

    @Test
    void drainsWhenTheGatewaysDoNotKnowItAnyMore() {
        link.call();
        home.command = HomeCommand.UNKNOWN;
        link.call();

        lifecycle.tick();

        assertThat(lifecycle.ended().join().reason()).isEqualTo("drained");
    }

    @Test
    void saysGoodbye() {
        link.call();

        link.leave("enough", LONG);

        assertThat(home.said).containsExactly("register", "leave enough");
    }

    @Test
    void callsHomeByItselfOnceStarted() throws Exception {
        home.command = HomeCommand.EXIT;

        link.start();

        assertThat(lifecycle.ended().get(60, TimeUnit.SECONDS).code()).isZero();
        assertThat(home.said).containsExactly("register", "ready 0 0");
    }

    /** Time passes, and gateways answer. */
    private void later(Duration time) {
        pass(time, lifecycle::contacted);
    }

    /** Time passes, and no gateway answers. */
    private void alone(Duration time) {
        pass(time, () -> {});
    }

    private void pass(Duration time, Runnable atEachTick) {
        for (long tick = 0; tick < Math.max(1, time.toMillis() / TICK.toMillis()); tick++) {
            clock.move(time.compareTo(TICK) < 0 ? time : TICK);
            atEachTick.run();
            lifecycle.tick();
        }
    }

    private static LaunchFile launch(String... more) {
        Map<String, String> values = new HashMap<>();
        values.put(LaunchFile.TAG, "torii-1");
        values.put(LaunchFile.TOKEN, "token");
        values.put(LaunchFile.SECRET, "secret");
        values.put(LaunchFile.GATEWAYS, "http://127.0.0.1:1");
        values.put(LaunchFile.USER, "alice");
        values.put(LaunchFile.SHARE_LEVEL, "user");
        values.put("idle-timeout", "PT30M");
        values.put("first-session-timeout", "PT5M");
        values.put("max-lifetime", "PT8H");
        values.put("drain-timeout", "PT1H");
        values.put("orphan-timeout", "PT10M");
        values.put("statement-idle-timeout", "PT0S");
        values.put("session-idle-timeout", "PT0S");
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return LaunchFile.of(values);
    }

    private static final class FakeHome implements Home {
        private final List<String> said = new ArrayList<>();
        private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private Duration interval = Duration.ofMillis(1);
        private boolean reachable = true;
        private boolean refusing;
        private HomeCommand command = HomeCommand.NONE;

        @Override
        public Optional<Duration> register() throws IOException {
            say("register");
            return refusing ? Optional.empty() : Optional.of(interval);
        }

        @Override
        public HomeCommand heartbeat(boolean draining, int sessions, int statements) throws IOException {
            say((draining ? "draining " : "ready ") + sessions + " " + statements);
            return command;
        }

        @Override
        public void leave(String reason) throws IOException {
            say("leave " + reason);
        }

        private synchronized void say(String what) throws IOException {
            if (!reachable) {
                throw new IOException("No gateway answered");
            }
            said.add(what);
            calls.add(what);
        }
    }
}
