package io.torii.server.main;

import io.torii.server.config.GatewayConfig;
import io.torii.server.config.StoreConfig;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.session.Timers;
import io.torii.server.store.SharedSecrets;
import io.torii.server.store.sql.Database;
import io.torii.server.store.sql.DatabaseSettings;
import io.torii.server.store.sql.SqlSharedSecrets;
import io.torii.server.time.SteadyClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;

/**
 * What all parts of a gateway stand on.
 *
 * @param wall the host's clock
 * @param clock one that never goes back
 * @param name of this process, in the store
 */
record Ground(
        GatewayConfig config,
        GatewayThreads threads,
        Timers timers,
        Clock wall,
        Clock clock,
        GatewayMetrics metrics,
        Database database,
        SharedSecrets secrets,
        String name) {
    private static final int LONGEST_NAME = 60;

    /** Blocks until the store is ready; throws a GatewayException in one sentence. */
    static Ground of(GatewayConfig config, GatewayThreads threads, Path store) {
        Clock wall = Clock.systemUTC();
        GatewayMetrics metrics = new GatewayMetrics();
        Database database = Database.open(databaseOf(config.store(), store), threads.store);
        AdminWiring.time(database, metrics);
        return new Ground(
                config,
                threads,
                Timers.on(threads.timers),
                wall,
                new SteadyClock(wall, System::nanoTime),
                metrics,
                database,
                new SqlSharedSecrets(database),
                nameOf(config));
    }

    static DatabaseSettings databaseOf(StoreConfig store, Path directory) {
        return store.url()
                .map(url -> new DatabaseSettings(url, store.user(), store.password(), store.connections()))
                .orElseGet(() -> DatabaseSettings.embedded(directory.resolve("gateway"), store.connections()));
    }

    /** Of this process: in a container, say, one after the other has the same host and pid. */
    private static String nameOf(GatewayConfig config) {
        String name = config.gateway().name().orElseGet(Ground::hostName);
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "/"
                + ProcessHandle.current().pid() + "/" + UUID.randomUUID();
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
