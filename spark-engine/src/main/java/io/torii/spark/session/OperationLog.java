package io.torii.spark.session;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last lines of what a statement did, for people and for clients that parse them. Thread-safe. */
final class OperationLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final int MAX_LINE = 4000;

    private final Clock clock;
    private final int capacity;
    private final Deque<String> lines = new ArrayDeque<>();
    private long dropped;
    private long cursor;

    /** @param capacity how many lines are kept */
    OperationLog(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    void info(String line) {
        add("INFO", line);
    }

    void warn(String line) {
        add("WARN", line);
    }

    void error(String line) {
        add("ERROR", line);
    }

    /** Lines not read yet, and moves on. */
    synchronized List<String> next(long most) {
        long start = Math.max(cursor, dropped);
        List<String> page = new ArrayList<>();
        long number = dropped;
        for (String line : lines) {
            if (page.size() >= most) {
                break;
            }
            if (number++ >= start) {
                page.add(line);
            }
        }
        cursor = start + page.size();
        return page;
    }

    /** The lines from the oldest that is left. */
    synchronized List<String> first(long most) {
        cursor = 0;
        return next(most);
    }

    private synchronized void add(String level, String text) {
        String now = TIME.format(LocalDateTime.now(clock));
        for (String line : text.split("\n", -1)) {
            String cut = line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "...";
            lines.addLast(now + " " + level + " " + cut);
            if (lines.size() > capacity) {
                lines.removeFirst();
                dropped++;
            }
        }
    }
}
