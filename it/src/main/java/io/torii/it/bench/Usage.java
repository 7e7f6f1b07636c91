package io.torii.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a process uses now, as Linux says. */
final class Usage {
    private Usage() {}

    static long threads(ProcessHandle process) {
        return status(process, "Threads:");
    }

    static double residentMib(ProcessHandle process) {
        return status(process, "VmRSS:") / 1024.0;
    }

    /** The CPU time that they have used since they began; Linux counts it in hundredths of a second. */
    static double cpuMillis(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToDouble(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
                .sum();
    }

    private static long status(ProcessHandle process, String key) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
