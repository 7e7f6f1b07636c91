package io.torii.server.main;

import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.server.frontend.home.HomeServer;
import io.torii.server.frontend.thrift.ThriftBinaryServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.store.sql.Database;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway: starts what the wiring has made, and ends it in the reverse order. Thread-safe. */
final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final long END_SECONDS = 20;

    private enum State {
        LATENT,
        STARTED,
        CLOSED
    }

    private final GatewayThreads threads;
    private final Database database;
    private final HomeServer home;
    private final Clusters clusters;
    private final WireEngineChannels channels;
    private final ThriftBinaryServer thrift;
    private final Optional<ThriftHttpServer> http;
    private final Housekeeping housekeeping;
    private final Admin admin;
    private final AtomicReference<State> state = new AtomicReference<>(State.LATENT);

    Gateway(
            GatewayThreads threads,
            Database database,
            HomeServer home,
            Clusters clusters,
            WireEngineChannels channels,
            ThriftBinaryServer thrift,
            Optional<ThriftHttpServer> http,
            Housekeeping housekeeping,
            Admin admin) {
        this.threads = threads;
        this.database = database;
        this.home = home;
        this.clusters = clusters;
        this.channels = channels;
        this.thrift = thrift;
        this.http = http;
        this.housekeeping = housekeeping;
        this.admin = admin;
    }

    /** Blocks until clients are welcome. */
    void start() throws IOException {
        if (!state.compareAndSet(State.LATENT, State.STARTED)) {
            throw new IllegalStateException("started before");
        }
        home.start();
        admin.start();
        clusters.warmUp();
        housekeeping.start();
        thrift.start();
        if (http.isPresent()) {
            http.get().start();
        }
    }

    /** The ports that are listened on, by what listens. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new TreeMap<>(admin.ports());
        ports.put("thrift", thrift.port());
        ports.put("home", home.port());
        http.ifPresent(server -> ports.put("thrift-http", server.port()));
        return ports;
    }

    /** Ends the engines and the metastore of this host, and waits for that within a bound. */
    void endEngines() {
        admin.ending();
        thrift.close();
        http.ifPresent(ThriftHttpServer::close);
        try {
            clusters.endLocal().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            log.warn("not all engines have ended problem={}", failure.toString());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the gateway; engines, sessions and what runs in them go on. */
    @Override
    public void close() {
        if (state.getAndSet(State.CLOSED) == State.CLOSED) {
            return;
        }
        admin.ending();
        thrift.close();
        http.ifPresent(ThriftHttpServer::close);
        admin.close();
        housekeeping.close();
        channels.close();
        home.close();
        clusters.close();
        threads.close();
        database.close();
        log.info("gateway has ended");
    }
}
