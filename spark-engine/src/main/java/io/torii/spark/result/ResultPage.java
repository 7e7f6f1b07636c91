package io.torii.spark.result;

import static java.util.Objects.requireNonNull;

/** Some rows of a result, as an encoded TFetchResultsResp. Immutable but for its bytes, which nobody may change. */
public final class ResultPage {
    private final byte[] bytes;
    private final long start;
    private final int rows;
    private final boolean more;

    ResultPage(byte[] bytes, long start, int rows, boolean more) {
        this.bytes = requireNonNull(bytes, "bytes");
        this.start = start;
        this.rows = rows;
        this.more = more;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** The first row's number, from 0. */
    public long start() {
        return start;
    }

    /** None means the end of the result. */
    public int rows() {
        return rows;
    }

    /** Whether rows may follow; false means that none do. */
    public boolean hasMore() {
        return more;
    }
}
