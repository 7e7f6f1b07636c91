package io.torii.server.main;

import io.torii.server.admin.AdminServer;
import io.torii.server.audit.AuditTrail;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.metrics.StoreSamples;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What administrators see of the gateway, running. Thread-safe. */
final class Admin implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Admin.class);
    private static final long LOOK_EVERY_SECONDS = 10;

    private final Optional<AdminServer> server;
    private final AuditTrail trail;
    private final GatewayMetrics metrics;
    private final StoreSamples samples;
    private final ScheduledExecutorService timers;
    private final AtomicBoolean ending;

    /** @param ending set once no new client is welcome */
    Admin(
            Optional<AdminServer> server,
            AuditTrail trail,
            GatewayMetrics metrics,
            StoreSamples samples,
            ScheduledExecutorService timers,
            AtomicBoolean ending) {
        this.server = server;
        this.trail = trail;
        this.metrics = metrics;
        this.samples = samples;
        this.timers = timers;
        this.ending = ending;
    }

    void start() throws IOException {
        if (server.isPresent()) {
            server.get().start();
        }
        timers.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    Map<String, Integer> ports() {
        return server.map(open -> Map.of("admin", open.port())).orElseGet(Map::of);
    }

    /** From now on the gateway is not ready. */
    void ending() {
        ending.set(true);
    }

    /** Writes down what is open, once no client can ask for more. */
    @Override
    public void close() {
        trail.close();
        server.ifPresent(AdminServer::close);
        metrics.close();
    }

    /** An executor would drop a task that throws. */
    private void look() {
        try {
            samples.tick();
            trail.tick();
        } catch (RuntimeException failure) {
            log.error("looking at the store and the audit trail failed", failure);
        }
    }
}
