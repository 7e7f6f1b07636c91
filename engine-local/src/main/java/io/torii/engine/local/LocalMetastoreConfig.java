package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A Hive metastore beside the gateway. Immutable.
 *
 * @param sparkHome whose jars it runs on
 * @param workDirectory where its database and the warehouse live; the same as that of the clusters which use it
 * @param javaHome the Java that runs it
 * @param port on the loopback address; 0 takes the one that it had last time, if that is free, else any
 * @param orphanTimeout how long it keeps running while nobody is connected
 * @param killAfter how long it may take to end when asked, before it is killed the hard way
 */
public record LocalMetastoreConfig(
        Path sparkHome, Path workDirectory, Path javaHome, int port, Duration orphanTimeout, Duration killAfter) {
    public LocalMetastoreConfig {
        sparkHome = sparkHome.toAbsolutePath().normalize();
        workDirectory = workDirectory.toAbsolutePath().normalize();
        javaHome = javaHome.toAbsolutePath().normalize();
        requireNonNull(orphanTimeout, "orphanTimeout");
        requireNonNull(killAfter, "killAfter");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("metastore port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** One for this cluster, on any free port. */
    public static LocalMetastoreConfig of(LocalClusterConfig cluster) {
        return new LocalMetastoreConfig(
                cluster.sparkHome(),
                cluster.workDirectory(),
                cluster.javaHome(),
                0,
                Duration.ofMinutes(10),
                cluster.killAfter());
    }
}
