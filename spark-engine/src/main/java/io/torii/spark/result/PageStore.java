package io.torii.spark.result;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the pages of one result: in memory while the engine's budget lasts, then on disk. Thread-safe. */
final class PageStore {
    private static final Logger log = LoggerFactory.getLogger(PageStore.class);
    private static final long MIB = 1L << 20;

    private final ResultBudget budget;
    private long memory;
    private long disk;
    private SpillFile spill;
    private boolean closed;

    PageStore(ResultBudget budget) {
        this.budget = budget;
    }

    /** A kept page: its bytes, or where they are. */
    static final class Kept {
        private final byte[] bytes;
        private final long at;
        private final int length;

        private Kept(byte[] bytes, long at, int length) {
            this.bytes = bytes;
            this.at = at;
            this.length = length;
        }

        int length() {
            return length;
        }
    }

    synchronized Kept keep(byte[] page) {
        requireOpen();
        if (budget.takeMemory(page.length)) {
            memory += page.length;
            return new Kept(page, 0, page.length);
        }
        if (!budget.takeDisk(page.length)) {
            ResultLimits limits = budget.limits();
            throw new ResultException(
                    "53400",
                    "The result is too large: results of this engine may take " + limits.memoryBytes() / MIB
                            + " MiB of memory (torii.engine.result-memory) and " + limits.diskBytes() / MIB
                            + " MiB of disk (torii.engine.result-disk), and that is used up");
        }
        disk += page.length;
        try {
            if (spill == null) {
                spill = SpillFile.create(budget.limits().spillDirectory());
            }
            return new Kept(null, spill.append(page), page.length);
        } catch (IOException e) {
            throw new ResultException(
                    "53100",
                    "The result could not be written to " + budget.limits().spillDirectory() + ": " + e.getMessage()
                            + "; make room there, or ask for fewer rows",
                    e);
        }
    }

    synchronized boolean isInMemory() {
        return spill == null;
    }

    byte[] load(Kept page) {
        if (page.bytes != null) {
            return page.bytes;
        }
        SpillFile file;
        synchronized (this) {
            requireOpen();
            file = spill;
        }
        try {
            return file.read(page.at, page.length);
        } catch (IOException e) {
            throw new ResultException("58030", "The result could not be read from disk: " + e.getMessage(), e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new ResultException("24000", "The result is closed");
        }
    }

    synchronized void close() {
        closed = true;
        if (spill != null) {
            try {
                spill.close();
            } catch (IOException e) {
                log.warn("a spilled result could not be deleted: {}", e.getMessage());
            }
        }
        budget.freeMemory(memory);
        budget.freeDisk(disk);
        memory = 0;
        disk = 0;
    }
}
