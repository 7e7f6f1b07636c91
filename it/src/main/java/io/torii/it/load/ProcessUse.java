package io.torii.it.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM of this host uses now.
 *
 * @param heapBytes after a collection
 * @param residentBytes of memory, as the operating system counts
 */
public record ProcessUse(int threads, long heapBytes, long residentBytes) {
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Of the whole heap, or of each generation where the collector tells them apart. */
    private static final Pattern HEAP =
            Pattern.compile("(?:heap|YoungGen|OldGen|generation)\\s+total \\d+K, used (\\d+)K");

    private static final long KILO = 1024;

    /** Has the process collect its garbage, and looks; on Linux, with the JDK's {@code jcmd}. */
    public static ProcessUse of(long pid) throws IOException, InterruptedException {
        command(pid, "GC.run");
        long heap = sum(HEAP, command(pid, "GC.heap_info")) * KILO;
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        return new ProcessUse((int) number(THREADS, status), heap, number(RESIDENT, status) * KILO);
    }

    /** How many files a process may have open; very many if that is not known. */
    public static long openFilesLimit(String pid) throws IOException {
        Matcher line =
                Pattern.compile("Max open files\\s+(\\d+)").matcher(Files.readString(Path.of("/proc", pid, "limits")));
        return line.find() ? Long.parseLong(line.group(1)) : Long.MAX_VALUE;
    }

    private static String command(long pid, String what) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(pid), what))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(what + " failed: " + output);
        }
        return output;
    }

    private static long sum(Pattern pattern, String text) throws IOException {
        List<Long> numbers = pattern.matcher(text)
                .results()
                .map(match -> Long.parseLong(match.group(1)))
                .toList();
        if (numbers.isEmpty()) {
            throw new IOException("no " + pattern + " in: " + text);
        }
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    private static long number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
