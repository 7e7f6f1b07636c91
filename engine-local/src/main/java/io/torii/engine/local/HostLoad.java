package io.torii.engine.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cores and memory of this host. Immutable.
 *
 * @param memory bytes; 0 if unknown
 * @param freeMemory bytes that could be had without swapping; 0 if unknown
 */
record HostLoad(int cores, int freeCores, long memory, long freeMemory) {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    static HostLoad now() {
        int cores = Runtime.getRuntime().availableProcessors();
        double busy = Math.max(0, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        int free = Math.max(0, cores - (int) Math.round(busy));
        try {
            String memory = Files.readString(MEMORY, StandardCharsets.US_ASCII);
            return new HostLoad(cores, free, bytes(TOTAL, memory), bytes(AVAILABLE, memory));
        } catch (IOException elsewhere) {
            return new HostLoad(cores, free, 0, 0);
        }
    }

    private static long bytes(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : 0;
    }
}
