package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void saysThatThePasswordIsWrong() throws Exception {
        DatabaseSettings right = PostgresServer.shared().newDatabase(1);
        DatabaseSettings wrong =
                new DatabaseSettings(right.url(), right.user(), Optional.of(new Secret("guess")), right.connections());

        assertUnusable(wrong, "FATAL: password authentication failed for user \"torii\"");
    }

    @Test
    void saysThatThereIsNoSuchDatabase() throws Exception {
        DatabaseSettings right = PostgresServer.shared().newDatabase(1);
        DatabaseSettings wrong = new DatabaseSettings(
                right.url().replaceFirst("/test\\d+$", "/nowhere"), right.user(), right.password(), 1);

        assertUnusable(wrong, "FATAL: database \"nowhere\" does not exist");
    }

    @Test
    void saysThatNobodyListensThere() throws Exception {
        int port = freePort();
        DatabaseSettings nobody = new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:" + port + "/torii", Optional.of("torii"), Optional.empty(), 1);

        assertUnusable(nobody, "Connection to 127.0.0.1:" + port + " refused: Connection refused");
    }

    @Test
    void saysThatItCannotReadTheUrl() {
        assertUnusable(
                new DatabaseSettings("jdbc:nothing:at-all", Optional.empty(), Optional.empty(), 1),
                "No suitable driver");
    }

    @Test
    void saysThatTheFileIsAnothersOwn() {
        DatabaseSettings settings = embedded();
        Database.open(settings, threads).close();
        DatabaseSettings wrong =
                new DatabaseSettings(settings.url(), settings.user(), Optional.of(new Secret("guess")), 1);

        assertUnusable(wrong, "Wrong user name or password [28000-232]");
    }

    @Test
    void keepsWhatItHasWhenItIsOpenedAgain() {
        try (Database database = Database.open(embedded(), threads)) {
            answer(database.call(handle -> handle.execute("INSERT INTO counted (what) VALUES ('kept')")));
        }

        try (Database database = Database.open(embedded(), threads)) {
            List<String> kept =
                    answer(database.call(handle -> handle.createQuery("SELECT what FROM counted ORDER BY what")
                            .mapTo(String.class)
                            .list()));
            assertThat(kept).containsExactly("engines", "kept", "sessions");
        }
    }

    @Test
    void opensAFileAgainThatWasClosedSinceItCouldNotBeWritten() {
        try (Database database = Database.open(embedded(), threads)) {
            answer(database.call(handle -> handle.execute("INSERT INTO counted (what) VALUES ('kept')")));
            assertFails(database.call(handle -> handle.execute("SHUTDOWN IMMEDIATELY")), ErrorCode.STORE_UNAVAILABLE);

            assertThat(answer(withRetries(database, 20))).isEqualTo(3);
        }
    }

    @Test
    void aPingWritesNothing() {
        try (Database database = Database.open(embedded(), threads)) {
            answer(database.call(handle -> handle.execute("SET QUERY_STATISTICS TRUE")));
            answer(database.call(DatabaseTest::rows));
            int before = answer(database.read(DatabaseTest::checkpoints));

            answer(database.ping());

            assertThat(before).isPositive();
            assertThat(answer(database.read(DatabaseTest::checkpoints))).isEqualTo(before);
        }
    }

    @Test
    void undoesWhatFails() {
        try (Database database = Database.open(embedded(), threads)) {
            CompletableFuture<Integer> call = database.call(handle -> {
                handle.execute("DELETE FROM counted");
                throw new GatewayException(ErrorCode.TOO_MANY_SESSIONS, "Refused");
            });

            assertFails(call, ErrorCode.TOO_MANY_SESSIONS);
            assertThat(answer(database.call(DatabaseTest::rows))).isEqualTo(2);
        }
    }

    @Test
    void saysThatTheStoreIsUnavailableWhenItHasTooMuchToDo() {
        try (Database database = Database.open(embedded(), task -> {
            throw new RejectedExecutionException("full");
        })) {
            assertFails(database.call(DatabaseTest::rows), ErrorCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void runsAgainWhatTheDatabaseGaveUpOnH2() {
        try (Database database = Database.open(embedded(), threads)) {
            assertSurvivesADeadlock(database);
        }
    }

    @Test
    void runsAgainWhatTheDatabaseGaveUpOnPostgres() throws Exception {
        try (Database database = Database.open(PostgresServer.shared().newDatabase(2), threads)) {
            assertSurvivesADeadlock(database);
        }
    }

    @Test
    void recoversByItselfWhenTheServerIsBack() throws Exception {
        PostgresServer server = PostgresServer.shared();
        try (Database database = Database.open(server.newDatabase(2), threads, PATIENCE)) {
            answer(database.call(DatabaseTest::rows));

            server.stop();
            try {
                assertFails(database.call(DatabaseTest::rows), ErrorCode.STORE_UNAVAILABLE);
            } finally {
                server.start();
            }

            assertThat(answer(withRetries(database, 200))).isEqualTo(2);
        }
    }

    @Test
    void letsNobodyWaitForLongHoweverManyWaitForAServerThatIsAway() throws Exception {
        PostgresServer server = PostgresServer.shared();
        try (Database database = Database.open(server.newDatabase(2), threads, PATIENCE)) {
            server.stop();
            try {
                List<CompletableFuture<Integer>> calls = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    calls.add(database.call(DatabaseTest::rows));
                }

                CompletableFuture<Void> all = CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));

                assertThat(all.exceptionally(failure -> null)).succeedsWithin(PATIENCE.multipliedBy(5));
                calls.forEach(call -> assertFails(call, ErrorCode.STORE_UNAVAILABLE));
            } finally {
                server.start();
            }
        }
    }

    @Test
    void refusesAtOnceWhatComesWhileTheServerIsKnownToBeAway() throws Exception {
        PostgresServer server = PostgresServer.shared();
        Duration patience = Duration.ofSeconds(2);
        try (Database database = Database.open(server.newDatabase(2), threads, patience)) {
            server.stop();
            try {
                for (int broken = 0; broken < 3; broken++) { // or not to be had
                    assertFails(database.call(DatabaseTest::rows), ErrorCode.STORE_UNAVAILABLE);
                }

                CompletableFuture<Integer> refused = database.call(DatabaseTest::rows);

                assertThat(refused).isCompletedExceptionally();
                assertFails(refused, ErrorCode.STORE_UNAVAILABLE);
            } finally {
                server.start();
            }

            assertThat(answer(withRetries(database, 200))).isEqualTo(2);
            assertThat(answer(database.call(DatabaseTest::rows))).isEqualTo(2);
        }
    }

    @Test
    void doesNotRunWhatNobodyWaitsForAnyMore() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (Database database = Database.open(embedded(), one, Duration.ofMillis(300))) {
            one.execute(() -> await(busy));
            AtomicInteger runs = new AtomicInteger();

            assertFails(database.call(handle -> runs.incrementAndGet()), ErrorCode.STORE_UNAVAILABLE);
            busy.countDown();

            assertThat(answer(database.call(DatabaseTest::rows))).isEqualTo(2);
            assertThat(runs).hasValue(0);
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void getsItsThreadsBackFromAServerThatIsThereButSilent() throws Exception {
        PostgresServer server = PostgresServer.shared();
        try (Database database = Database.open(server.newDatabase(2), threads, PATIENCE)) {
            CountDownLatch connected = new CountDownLatch(2);
            CountDownLatch frozen = new CountDownLatch(1);
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(database.call(handle -> {
                    connected.countDown();
                    await(frozen);
                    return rows(handle);
                }));
            }
            await(connected);
            server.freeze();
            try {
                frozen.countDown();
                calls.forEach(call -> assertFails(call, ErrorCode.STORE_UNAVAILABLE));
                CompletableFuture<Void> idle = new CompletableFuture<>();
                threads.execute(() -> idle.complete(null));
                assertThat(idle).succeedsWithin(PATIENCE.multipliedBy(10));
            } finally {
                server.thaw();
            }

            assertThat(answer(withRetries(database, 200))).isEqualTo(2);
        }
    }

    private DatabaseSettings embedded() {
        return DatabaseSettings.embedded(directory.resolve("store"), 2);
    }

    private void assertUnusable(DatabaseSettings settings, String reason) {
        assertThatThrownBy(() -> Database.open(settings, threads, PATIENCE))
                .isInstanceOf(GatewayException.class)
                .hasMessage("The store cannot be used: " + reason)
                .extracting(failure -> ((GatewayException) failure).code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    /** Each of the two has one row and wants that of the other. */
    private static void assertSurvivesADeadlock(Database database) {
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger runs = new AtomicInteger();

        CompletableFuture<Integer> one = database.call(handle -> {
            runs.incrementAndGet();
            return lock(handle, "sessions", both) + lock(handle, "engines", both);
        });
        CompletableFuture<Integer> other = database.call(handle -> {
            runs.incrementAndGet();
            return lock(handle, "engines", both) + lock(handle, "sessions", both);
        });

        assertThat(answer(one)).isEqualTo(2);
        assertThat(answer(other)).isEqualTo(2);
        assertThat(runs).hasValueGreaterThan(2);
    }

    private static int lock(Handle handle, String what, CountDownLatch both) {
        int locked = handle.createQuery("SELECT what FROM counted WHERE what = :what FOR UPDATE")
                .bind("what", what)
                .mapTo(String.class)
                .list()
                .size();
        both.countDown();
        await(both);
        return locked;
    }

    private static int rows(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM counted")
                .mapTo(Integer.class)
                .one();
    }

    /** As clients do: each connection that broke costs one of them an answer. */
    private static CompletableFuture<Integer> withRetries(Database database, int turns) {
        return database.call(DatabaseTest::rows)
                .exceptionallyComposeAsync(
                        failure ->
                                turns > 1 ? withRetries(database, turns - 1) : CompletableFuture.failedFuture(failure),
                        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void assertFails(CompletableFuture<?> call, ErrorCode code) {
        assertThatThrownBy(() -> answer(call)).satisfies(failure -> {
            Throwable cause = failure.getCause();
            assertThat(cause).isInstanceOf(GatewayException.class);
            assertThat(((GatewayException) cause).code()).isEqualTo(code);
            assertThat(cause.getMessage()).doesNotContain("\n");
        });
    }

    private static int checkpoints(Handle handle) {
        return handle.createQuery("SELECT COALESCE(SUM(EXECUTION_COUNT), 0) FROM INFORMATION_SCHEMA.QUERY_STATISTICS"
                        + " WHERE SQL_STATEMENT LIKE 'CHECKPOINT%'")
                .mapTo(Integer.class)
                .one();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
