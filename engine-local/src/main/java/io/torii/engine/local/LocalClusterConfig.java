package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A cluster that is the gateway's own host. Immutable.
 *
 * @param name the cluster's configured name
 * @param sparkHome a directory with {@code jars/}
 * @param engineJar the program of the engines
 * @param workDirectory where engines, their logs and the warehouse live
 * @param gateways where engines call home; asked at every launch, since ports may be chosen late
 * @param settings of every engine: {@code spark.*} and {@code torii.engine.*}
 * @param javaHome the Java that runs the engines
 * @param killAfter how long an engine may take to end when asked, before it is killed the hard way
 * @param keptLogs of how many ended engines the logs are kept
 * @param logLimit bytes that the log of one engine may grow to
 */
public record LocalClusterConfig(
        String name,
        Path sparkHome,
        Path engineJar,
        Path workDirectory,
        Supplier<List<URI>> gateways,
        Map<String, String> settings,
        Path javaHome,
        Duration killAfter,
        int keptLogs,
        long logLimit) {
    public LocalClusterConfig {
        requireNonNull(name, "name");
        requireNonNull(gateways, "gateways");
        requireNonNull(killAfter, "killAfter");
        sparkHome = sparkHome.toAbsolutePath().normalize();
        engineJar = engineJar.toAbsolutePath().normalize();
        workDirectory = workDirectory.toAbsolutePath().normalize();
        javaHome = javaHome.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
        if (keptLogs < 0 || logLimit < 1) {
            throw new IllegalArgumentException("kept logs " + keptLogs + " and log limit " + logLimit
                    + " (expected: not negative, at least one byte)");
        }
    }

    /** A cluster that runs engines with the gateway's own Java and ordinary limits. */
    public static LocalClusterConfig of(
            String name, Path sparkHome, Path engineJar, Path workDirectory, Supplier<List<URI>> gateways) {
        return new LocalClusterConfig(
                name,
                sparkHome,
                engineJar,
                workDirectory,
                gateways,
                Map.of(),
                Path.of(System.getProperty("java.home")),
                Duration.ofSeconds(15), // engines take up to ten to end well
                20,
                64L << 20);
    }

    public LocalClusterConfig withSettings(Map<String, String> changed) {
        return new LocalClusterConfig(
                name, sparkHome, engineJar, workDirectory, gateways, changed, javaHome, killAfter, keptLogs, logLimit);
    }

    public LocalClusterConfig withKillAfter(Duration changed) {
        return new LocalClusterConfig(
                name, sparkHome, engineJar, workDirectory, gateways, settings, javaHome, changed, keptLogs, logLimit);
    }

    public LocalClusterConfig withLogs(int kept, long limit) {
        return new LocalClusterConfig(
                name, sparkHome, engineJar, workDirectory, gateways, settings, javaHome, killAfter, kept, limit);
    }

    Path warehouse() {
        return workDirectory.resolve("warehouse");
    }
}
