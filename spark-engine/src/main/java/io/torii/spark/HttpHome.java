package io.torii.spark;

import static java.util.Objects.requireNonNull;

import io.torii.wire.HomeClient;
import io.torii.wire.HomeCommand;
import io.torii.wire.HomeRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls home over HTTP. One thread at a time. */
final class HttpHome implements Home {
    private static final Logger log = LoggerFactory.getLogger(HttpHome.class);

    private final HomeClient client;
    private final String host;
    private final int port;
    private final SparkContext spark;

    /** @param host what gateways shall dial, as port */
    HttpHome(HomeClient client, String host, int port, SparkContext spark) {
        this.client = requireNonNull(client, "client");
        this.host = requireNonNull(host, "host");
        this.port = port;
        this.spark = requireNonNull(spark, "spark");
    }

    @Override
    public Optional<Duration> register() throws IOException {
        String webUrl = spark.uiWebUrl().isDefined() ? spark.uiWebUrl().get() : "";
        try {
            return Optional.of(client.register(host, port, spark.applicationId(), webUrl, "Spark " + spark.version()));
        } catch (HomeRefusedException e) {
            log.error("{}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public HomeCommand heartbeat(boolean draining, int sessions, int statements) throws IOException {
        return client.heartbeat(draining, sessions, statements);
    }

    @Override
    public void leave(String reason) throws IOException {
        client.leave(reason);
    }
}
