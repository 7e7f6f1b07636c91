package io.torii.it.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Where the numbers are from, in a sentence. */
final class Machine {
    private Machine() {}

    static String description(Path sparkHome) throws IOException {
        return String.format(
                Locale.ROOT,
                "%d cores (%s), %.0f GiB, Linux %s, Java %s, Spark %s with `%s` and a driver of %s",
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/cpuinfo"), "model name"),
                Double.parseDouble(value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / (1024 * 1024),
                System.getProperty("os.version").replaceAll("-.*", ""),
                Runtime.version().feature(),
                sparkVersion(sparkHome),
                SparkSettings.MASTER,
                SparkSettings.MEMORY);
    }

    /** The mean number of running programs in the last minute: what else the machine did, and this itself. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String sparkVersion(Path sparkHome) throws IOException {
        try (Stream<Path> jars = Files.list(sparkHome.resolve("jars"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.startsWith("spark-core_"))
                    .map(jar -> jar.replaceAll("spark-core_[^-]*-|\\.jar", ""))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no Spark at " + sparkHome));
        }
    }

    private static String value(Path file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
