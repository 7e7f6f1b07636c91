package io.torii.server.session;

import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineStatus;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How short statements ended, as their engines told with the answers to their submissions: neither state nor columns of a
 * statement that has ended change, so that nobody need be asked for them again. Bounded: what was used least lately is
 * forgotten first, for the engine has it all. Thread-safe.
 */
public final class EarlyEnds {
    private static final int OVERHEAD = 512;
    private static final int OF_A_TEXT = 32;

    private final long mostBytes;
    private final Map<StatementId, EarlyEnd> ends = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    /** @param mostBytes of schemas and texts, and half a kilobyte for each statement */
    public EarlyEnds(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    synchronized Optional<EarlyEnd> of(StatementId id) {
        return Optional.ofNullable(ends.get(id));
    }

    synchronized void keep(StatementId id, EarlyEnd end) {
        forget(id);
        ends.put(id, end);
        bytes += size(end);
        Iterator<EarlyEnd> eldest = ends.values().iterator();
        while (bytes > mostBytes) {
            bytes -= size(eldest.next());
            eldest.remove();
        }
    }

    /** True if it was known. */
    synchronized boolean forget(StatementId id) {
        EarlyEnd known = ends.remove(id);
        if (known != null) {
            bytes -= size(known);
        }
        return known != null;
    }

    private static long size(EarlyEnd end) {
        EngineStatus told = end.status();
        long characters =
                told.journal().stream().mapToLong(line -> line.sql().length()).sum()
                        + told.pinned().map(String::length).orElse(0)
                        + told.status().failure().map(EarlyEnds::characters).orElse(0L);
        return OVERHEAD + end.schema().map(schema -> schema.length).orElse(0) + 2 * characters;
    }

    private static long characters(StatementFailure failure) {
        return failure.message().length()
                + failure.details().stream()
                        .mapToLong(detail -> OF_A_TEXT + detail.length())
                        .sum();
    }
}
