package io.torii.spark.result;

import java.util.concurrent.CancellationException;

/** A result in the store of its engine, with its cursor. One fetch at a time; closing does not wait for it. Thread-safe. */
final class StoredResult implements ResultSet {
    private static final long FEW_BYTES = 64 << 10;
    private static final int ENOUGH = 4;

    private final byte[] schema;
    private final int protocolVersion;
    private final RowFormat format;
    private final PageIndex index;
    private final Runnable whenClosed;
    private final Object fetching = new Object();

    /** Where the last page began and ended, in rows that can be read; changed by who holds fetching. */
    private volatile long lastStart;

    private volatile long cursor;
    private PageIndex.Page viewed; // guarded by fetching, as its view
    private PageView view;

    StoredResult(byte[] schema, int protocolVersion, RowFormat format, PageIndex index, Runnable whenClosed) {
        this.schema = schema;
        this.protocolVersion = protocolVersion;
        this.format = format;
        this.index = index;
        this.whenClosed = whenClosed;
    }

    @Override
    public byte[] schema() {
        return schema;
    }

    @Override
    public ResultPage fetch(Orientation orientation, long maxRows) {
        synchronized (fetching) {
            int most = most(maxRows);
            ResultPage page = pageFrom(start(orientation, most), most);
            lastStart = page.start();
            cursor = page.start() + page.rows();
            return page;
        }
    }

    @Override
    public ResultPage readAhead(long start, long maxRows) {
        synchronized (fetching) {
            return pageFrom(start, most(maxRows));
        }
    }

    @Override
    public Arrival arrival(Orientation orientation, long maxRows) {
        return arrival(start(orientation, most(maxRows)), maxRows);
    }

    @Override
    public Arrival arrival(long start, long maxRows) {
        return index.arrival(index.firstRow() + start, most(maxRows), format.pageBytes());
    }

    @Override
    public boolean skip(long start, long rows) {
        synchronized (fetching) {
            if (cursor != start || index.isGone()) {
                return false;
            }
            lastStart = start;
            cursor = start + rows;
            return true;
        }
    }

    @Override
    public boolean isAtHand() {
        return index.isAtHand(FEW_BYTES);
    }

    private int most(long maxRows) {
        return (int) Math.min(maxRows > 0 ? maxRows : Long.MAX_VALUE, format.pageRows());
    }

    private ResultPage pageFrom(long start, int most) {
        try {
            return page(start, most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The fetch was interrupted");
        }
    }

    private long start(Orientation orientation, int most) {
        switch (orientation) {
            case FIRST:
                return 0;
            case PRIOR:
                return Math.max(0, lastStart - most);
            case NEXT:
            default:
                return cursor;
        }
    }

    private ResultPage page(long start, int most) throws InterruptedException {
        long row = index.firstRow() + start;
        PageIndex.Page page = index.await(row);
        if (page == null) {
            return hand(new EncodedPage(0, PageFrame.encode(format.encoders())), start);
        }
        int given = index.givable(row, most);
        boolean whole = row == page.start() && page.rows() <= given && page.end() <= index.endRow();
        if (whole && (page.rows() > most / 2 || isEnough(page, page.rows(), most) || index.next(page) == null)) {
            return hand(new EncodedPage(page.rows(), index.load(page)), start);
        }
        long to = row + given;
        boolean rest = row != page.start() && page.rows() <= most && isEnough(page, page.end() - row, most);
        return hand(cut(page, row, rest ? Math.min(to, page.end()) : to), start);
    }

    /** Whether rows are handed out by themselves though more are asked for: else all pages that follow would be copied. */
    private static boolean isEnough(PageIndex.Page page, long rows, int most) {
        return page.bytes() > FEW_BYTES && rows > most / ENOUGH;
    }

    /** Makes a page of rows that lie in one page or, as far as these are there, in several. */
    private EncodedPage cut(PageIndex.Page first, long from, long to) {
        ColumnBuffer[] buffers = null;
        long row = from;
        long bytes = 0;
        PageIndex.Page page = first;
        while (page != null && row < to && bytes < format.pageBytes()) {
            PageView source = view(page);
            if (buffers == null) {
                buffers = source.buffers();
            }
            long end = Math.min(to, page.end());
            source.copy((int) (row - page.start()), (int) (end - page.start()), buffers);
            row = end;
            bytes = bytes(buffers);
            if (row == page.end()) {
                forget();
                page = index.next(page);
            }
        }
        return new EncodedPage((int) (row - from), PageFrame.encode(buffers));
    }

    private static long bytes(ColumnBuffer[] buffers) {
        long bytes = 0;
        for (ColumnBuffer buffer : buffers) {
            bytes += buffer.length;
        }
        return bytes;
    }

    private PageView view(PageIndex.Page page) {
        if (viewed != page) {
            view = new PageView(new EncodedPage(page.rows(), index.load(page)));
            viewed = page;
        }
        return view;
    }

    private void forget() {
        viewed = null;
        view = null;
    }

    private ResultPage hand(EncodedPage page, long start) {
        boolean more = index.mayHold(index.firstRow() + start + page.rows);
        byte[] bytes = RowBasedPage.isNeeded(protocolVersion)
                ? RowBasedPage.encode(page, start, more)
                : PageFrame.patch(page.bytes, start, more);
        return new ResultPage(bytes, start, page.rows, more);
    }

    @Override
    public long rows() {
        return index.readable();
    }

    /** Waits for the end or a first full page. */
    void awaitFirst() {
        try {
            index.awaitFirst(format.pageRows(), format.pageBytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The statement was interrupted");
        }
    }

    @Override
    public void awaitEnd() {
        try {
            index.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The statement was interrupted");
        }
    }

    @Override
    public boolean isArriving() {
        return index.isArriving();
    }

    @Override
    public void stop(Throwable why) {
        if (index.fail(why)) {
            whenClosed.run();
        }
    }

    @Override
    public void close() {
        index.close();
        whenClosed.run();
    }
}
