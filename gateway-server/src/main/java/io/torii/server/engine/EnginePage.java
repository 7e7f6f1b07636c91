package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.server.session.Body;

/**
 * Some rows of a result, as they arrive from the engine.
 *
 * @param body an encoded TFetchResultsResp
 * @param row the first row's number, from 0
 * @param rows how many there are
 * @param more whether others may follow
 */
public record EnginePage(Body body, long row, long rows, boolean more) {
    public EnginePage {
        requireNonNull(body, "body");
    }

    /** A body of which nothing else is known, such as an engine's refusal or lines of log. */
    public static EnginePage of(Body body) {
        return new EnginePage(body, 0, 0, false);
    }

    public long end() {
        return row + rows;
    }
}
