package io.torii.it.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What clients were told and what they saw, to be compared with what has happened. A write counts itself: every run of it
 * leaves one more file in a directory of its own. Thread-safe.
 */
public final class Ledger {
    /** What a client knows of a write. */
    enum Told {
        FINISHED,
        FAILED,
        UNKNOWN
    }

    private static final int PROBLEMS_KEPT = 50;

    private final Path directory;
    private final Map<String, Told> writes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

    /** @param directory where writes leave their files */
    Ledger(Path directory) {
        this.directory = directory;
    }

    /** Where the write with this name leaves its files. */
    Path directoryOf(String write) {
        return directory.resolve(write);
    }

    void wrote(String write, Told told) {
        writes.put(write, told);
        count("writes: " + told.name().toLowerCase(Locale.ROOT));
    }

    void count(String what) {
        counts.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    /** Something that must not be. */
    void problem(String what) {
        count("problems");
        if (problems.size() < PROBLEMS_KEPT) {
            problems.add(what);
        }
    }

    long counted(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** Compares writes with what they left; call it once all clients have ended. */
    void compare() throws IOException {
        for (Map.Entry<String, Told> write : writes.entrySet()) {
            long runs = runs(write.getKey());
            count("writes " + write.getValue().name().toLowerCase(Locale.ROOT) + " that ran " + runs + " times");
            if (runs > 1) {
                problem("write " + write.getKey() + " ran " + runs + " times: " + write.getValue());
            } else if (runs == 0 && write.getValue() == Told.FINISHED) {
                problem("write " + write.getKey() + " is lost, though it was said to have finished");
            }
        }
    }

    /** What must not be and was, in sentences. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** All counts, a line each. */
    public String table() {
        List<String> lines = new ArrayList<>();
        counts.forEach((what, count) -> lines.add(String.format(Locale.ROOT, "%-52s %8d", what, count.sum())));
        return String.join("\n", lines);
    }

    private long runs(String write) throws IOException {
        Path files = directoryOf(write);
        if (!Files.isDirectory(files)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(files)) {
            return all.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }
}
