package io.torii.spark.result;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages of one result in the order of their rows, while they arrive in any order of partitions; readers wait here. Rows
 * are counted from 0 over all partitions; only those in the window of LIMIT and OFFSET can be read. Thread-safe.
 */
final class PageIndex {
    private final PageStore store;
    private final long firstRow;
    private final long endRow;
    private final int heldBack;
    private final List<Page> pages = new ArrayList<>();
    private final Map<Integer, List<Page>> waiting = new HashMap<>();
    private final BitSet finished = new BitSet();
    private final Arrivals arrivals = new Arrivals(this::reached);
    private int partition;
    private long rows;
    private long bytes;
    private boolean ended;
    private boolean closed;
    private Throwable reason;
    private Throwable failure;

    /**
     * @param firstRow the first row that can be read
     * @param endRow the row after the last one that can be read
     * @param heldBack rows that are not given away, or only one by one, as long as others may follow: so that readers who
     *     must not be told "nothing yet" need not wait long
     */
    PageIndex(PageStore store, long firstRow, long endRow, int heldBack) {
        this.store = store;
        this.firstRow = firstRow;
        this.endRow = endRow;
        this.heldBack = heldBack;
    }

    /** A page in its place. */
    static final class Page {
        private final PageStore.Kept kept;
        private final int rows;
        private final int number;
        private final long start;

        private Page(PageStore.Kept kept, int rows, int number, long start) {
            this.kept = kept;
            this.rows = rows;
            this.number = number;
            this.start = start;
        }

        int rows() {
            return rows;
        }

        int bytes() {
            return kept.length();
        }

        long start() {
            return start;
        }

        long end() {
            return start + rows;
        }
    }

    /** Keeps the next page of a partition. */
    void add(int ofPartition, EncodedPage page) {
        PageStore.Kept kept = store.keep(page.bytes);
        synchronized (this) {
            if (ofPartition == partition) {
                append(kept, page.rows);
            } else {
                waiting.computeIfAbsent(ofPartition, unknown -> new ArrayList<>())
                        .add(new Page(kept, page.rows, 0, 0));
            }
        }
        arrivals.tell();
    }

    /** A partition has no more pages. */
    void finish(int ofPartition) {
        synchronized (this) {
            finished.set(ofPartition);
            while (finished.get(partition)) {
                partition++;
                for (Page page : waiting.getOrDefault(partition, Collections.emptyList())) {
                    append(page.kept, page.rows);
                }
                waiting.remove(partition);
            }
            notifyAll();
        }
        arrivals.tell();
    }

    private void append(PageStore.Kept kept, int count) {
        pages.add(new Page(kept, count, pages.size(), rows));
        rows += count;
        bytes += kept.length();
        notifyAll();
    }

    /** There are no more rows. */
    void end() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        arrivals.tell();
    }

    /**
     * There will be no more rows; those that there are cannot be read any more. Readers hear of it once memory and disk are
     * free. False, and no change, if it had ended, failed or been closed before.
     */
    boolean fail(Throwable why) {
        synchronized (this) {
            if (ended || isGone()) {
                return false;
            }
            reason = why;
        }
        store.close();
        synchronized (this) {
            failure = reason;
        }
        close();
        return true;
    }

    void close() {
        synchronized (this) {
            closed = true;
            pages.clear();
            waiting.clear();
            notifyAll();
        }
        arrivals.tell();
        store.close();
    }

    /** Waits for the end or as much as a client asks for first, beside what is held back. */
    synchronized void awaitFirst(int firstRows, int firstBytes) throws InterruptedException {
        while (!isComplete() && rows < firstRow + fitting(firstRows, firstBytes) + heldBack) {
            wait();
        }
        throwFailure();
    }

    /** Waits for the end. */
    synchronized void awaitEnd() throws InterruptedException {
        while (!isSettled()) {
            wait();
        }
        throwFailure();
    }

    /** Waits for a row and returns its page, or nothing if the result ends before it. */
    synchronized Page await(long row) throws InterruptedException {
        while (!isSettled() && rows <= row && row < endRow) {
            wait();
        }
        throwFailure();
        return row < endRow && row < rows ? find(row) : null;
    }

    /** Somebody will read these rows, or as many of them as make up so many bytes. */
    Arrival arrival(long row, int most, int mostBytes) {
        long until;
        synchronized (this) {
            until = row + fitting(most, mostBytes) + heldBack;
        }
        return arrivals.await(row, until);
    }

    /** Rows of a page, if they are as large as those that are there. */
    private long fitting(int most, int mostBytes) {
        return bytes == 0 ? most : Math.min(most, Math.max(1, rows * mostBytes / bytes));
    }

    /** How many of these rows may be given away: none only if none is there. */
    synchronized int givable(long row, int most) {
        long there = Math.max(0, Math.min(rows, endRow) - row);
        long free = isComplete() ? there : Math.max(Math.min(there, 1), there - heldBack);
        return (int) Math.min(free, most);
    }

    /** The page after this one if it is there already. */
    synchronized Page next(Page page) {
        throwFailure();
        int number = page.number + 1;
        return number < pages.size() && page.end() < endRow ? pages.get(number) : null;
    }

    byte[] load(Page page) {
        try {
            return store.load(page.kept);
        } catch (ResultException e) {
            throw whyGone(e);
        }
    }

    /** Whether a row may follow; no means that none does. */
    synchronized boolean mayHold(long row) {
        return row < endRow && (row < rows || !ended);
    }

    /** Whether the result has ended, and is no larger than this and in memory. */
    synchronized boolean isAtHand(long mostBytes) {
        return ended && !closed && bytes <= mostBytes && store.isInMemory();
    }

    /** Whether rows may still come. */
    synchronized boolean isArriving() {
        return !isSettled();
    }

    /** Whether no row can be read any more. */
    synchronized boolean isGone() {
        return closed || reason != null;
    }

    /** Rows that are there, whether they can be read or not. */
    synchronized long arrived() {
        return rows;
    }

    /** Rows that are there and can be read. */
    synchronized long readable() {
        return Math.max(0, Math.min(rows, endRow) - firstRow);
    }

    long firstRow() {
        return firstRow;
    }

    long endRow() {
        return endRow;
    }

    private synchronized RuntimeException whyGone(ResultException e) {
        return reason == null ? e : Sneaky.rethrow(reason);
    }

    private boolean isSettled() {
        return ended || closed || failure != null;
    }

    private boolean isComplete() {
        return isSettled() || rows >= endRow;
    }

    private synchronized long reached() {
        return isComplete() ? Long.MAX_VALUE : rows;
    }

    private void throwFailure() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        if (closed) {
            throw new ResultException("24000", "The result is closed");
        }
    }

    private Page find(long row) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pages.get(middle).end() <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return pages.get(low);
    }
}
