package io.torii.api.session;

import java.util.List;

/**
 * How far a statement is, as a table that clients draw in place.
 *
 * @param fraction 0 to 1
 * @param status one word for the whole: {@code RUNNING}
 * @param footer one line below the table
 * @param startedAtMillis since the epoch
 */
public record Progress(
        List<String> headers,
        List<List<String>> rows,
        double fraction,
        String status,
        String footer,
        long startedAtMillis) {
    public Progress {
        headers = List.copyOf(headers);
        rows = rows.stream().map(List::copyOf).toList();
    }
}
