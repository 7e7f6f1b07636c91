package io.torii.spark.result;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** What the results of one engine may use together: bytes of heap, bytes of disk, where, and how large a page gets. */
public final class ResultLimits {
    public static final int DEFAULT_PAGE_BYTES = 4 << 20;

    private final long memoryBytes;
    private final long diskBytes;
    private final Path spillDirectory;
    private final int pageBytes;

    public ResultLimits(long memoryBytes, long diskBytes, Path spillDirectory, int pageBytes) {
        if (memoryBytes < 0 || diskBytes < 0 || pageBytes < 1) {
            throw new IllegalArgumentException("Budgets must not be negative: memory " + memoryBytes + ", disk "
                    + diskBytes + ", page " + pageBytes);
        }
        this.memoryBytes = memoryBytes;
        this.diskBytes = diskBytes;
        this.spillDirectory = requireNonNull(spillDirectory, "spillDirectory");
        this.pageBytes = pageBytes;
    }

    public long memoryBytes() {
        return memoryBytes;
    }

    public long diskBytes() {
        return diskBytes;
    }

    public Path spillDirectory() {
        return spillDirectory;
    }

    public int pageBytes() {
        return pageBytes;
    }
}
