package io.torii.engine.yarn.message;

import java.util.List;

/** Some applications. */
public record ApplicationRows(List<ApplicationRow> rows) {
    public ApplicationRows {
        rows = List.copyOf(rows);
    }
}
