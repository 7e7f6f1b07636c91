package io.torii.server.store.sql;

import io.torii.server.session.Timers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database that two gateways share, for the tests of one class; empty before each of them. */
final class TestStore implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final int CONNECTIONS = 4;

    /** Where the database is. */
    @FunctionalInterface
    private interface Place {
        DatabaseSettings in(Path directory) throws Exception;
    }

    private final Place place;
    private ExecutorService threads;
    private ScheduledExecutorService timers;
    private Path directory;
    private Database here;
    private Database there;

    private TestStore(Place place) {
        this.place = place;
    }

    static TestStore onH2() {
        return new TestStore(directory -> DatabaseSettings.embedded(directory.resolve("store"), CONNECTIONS));
    }

    static TestStore onPostgres() {
        return new TestStore(directory -> PostgresServer.shared().newDatabase(CONNECTIONS));
    }

    Database here() {
        return here;
    }

    /** The same, as another gateway has it. */
    Database there() {
        return there;
    }

    Timers timers() {
        return Timers.on(timers);
    }

    void execute(String sql) {
        here.call(handle -> handle.execute(sql)).join();
    }

    /** Whatever the table holds, as texts. */
    List<String> contentOf(String table) {
        return here.call(handle -> handle.createQuery("SELECT * FROM " + table).mapToMap().stream()
                        .flatMap(row -> row.values().stream())
                        .map(String::valueOf)
                        .toList())
                .join();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("store");
        threads = Executors.newFixedThreadPool(2 * CONNECTIONS);
        timers = Executors.newScheduledThreadPool(1);
        DatabaseSettings settings = place.in(directory);
        here = Database.open(settings, threads);
        there = Database.open(settings, threads);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        execute("DELETE FROM session");
        execute("DELETE FROM engine");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        timers.shutdownNow();
        threads.shutdown();
        if (here != null) {
            here.close();
        }
        if (there != null) {
            there.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
