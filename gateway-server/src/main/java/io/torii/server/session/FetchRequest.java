package io.torii.server.session;

import static java.util.Objects.requireNonNull;

/** Which rows of a statement, or which lines of its log, to fetch. */
public record FetchRequest(Content content, Orientation orientation, long maxRows) {
    /** What is fetched. */
    public enum Content {
        ROWS,
        LOG
    }

    /** From where. */
    public enum Orientation {
        NEXT,
        PRIOR,
        FIRST
    }

    public FetchRequest {
        requireNonNull(content, "content");
        requireNonNull(orientation, "orientation");
    }
}
