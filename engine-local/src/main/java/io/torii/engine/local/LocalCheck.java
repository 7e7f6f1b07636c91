package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import io.torii.launch.SparkFit;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Whether engines could be launched on this host. */
public final class LocalCheck implements Check {
    private static final String METASTORE = "metastore";
    private static final int CONNECT_MILLIS = 2_000;

    private final String cluster;
    private final SparkHome spark;
    private final Path engineJar;
    private final String metastore;

    /** @param metastore {@code managed}, {@code none} or where it is */
    public LocalCheck(String cluster, Path sparkHome, Path engineJar, String metastore) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.spark = new SparkHome(sparkHome);
        this.engineJar = requireNonNull(engineJar, "engineJar");
        this.metastore = requireNonNull(metastore, "metastore");
    }

    @Override
    public String subject() {
        return cluster;
    }

    @Override
    public List<Finding> look() {
        SparkFit fit = new SparkFit(spark, engineJar);
        Finding home = fit.home();
        return List.of(
                home.of(cluster), fit.engine().of(cluster), metastore(home).of(cluster));
    }

    private Finding metastore(Finding home) {
        if (metastore.equals("none")) {
            return Finding.ok(METASTORE, "none");
        }
        if (!metastore.equals("managed")) {
            return knock(URI.create(metastore));
        }
        if (home.stops()) {
            return Finding.skip(METASTORE, "'" + home.subject() + "' failed");
        }
        return spark.jars().stream()
                        .anyMatch(jar -> jar.getFileName().toString().startsWith("hive-metastore-"))
                ? Finding.ok(METASTORE, "managed: it starts beside the gateway")
                : Finding.fail(
                        METASTORE,
                        "the Spark in " + spark.directory() + " has no Hive (expected: jars/hive-metastore-*.jar)",
                        "point spark-home at a Spark that was built with Hive, or set metastore to none");
    }

    private static Finding knock(URI address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
            return Finding.ok(METASTORE, address + " is open");
        } catch (IOException | IllegalArgumentException closed) {
            return Finding.fail(
                    METASTORE,
                    address + " does not answer (" + closed.getMessage() + ")",
                    "start it, or correct metastore: thrift://host:9083");
        }
    }
}
