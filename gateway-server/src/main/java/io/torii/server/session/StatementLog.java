package io.torii.server.session;

import java.util.ArrayList;
import java.util.List;

/** The gateway's own lines of a statement's log, and how far the client has read. Thread-safe. */
final class StatementLog {
    private static final int MAX_LINES = 10_000;

    private final List<String> lines = new ArrayList<>();
    private int read;
    private boolean engineFromFirst;

    synchronized void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        }
    }

    /** From the next read on, everything again: these lines, then the engine's. */
    synchronized void rewind() {
        read = 0;
        engineFromFirst = true;
    }

    /** The next lines; empty if all have been read. */
    synchronized List<String> next(long max) {
        int end = read + (int) Math.min(lines.size() - read, Math.max(1, max));
        List<String> next = List.copyOf(lines.subList(read, end));
        read = end;
        return next;
    }

    /** Whether the engine's log is to be read from its first line, once. */
    synchronized boolean takeEngineFromFirst() {
        boolean first = engineFromFirst;
        engineFromFirst = false;
        return first;
    }
}
