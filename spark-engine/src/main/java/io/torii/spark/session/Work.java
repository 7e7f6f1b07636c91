package io.torii.spark.session;

import io.torii.spark.result.ResultSet;
import java.util.Objects;

/** What a statement does, on a thread of its own. */
@FunctionalInterface
interface Work {
    Outcome run(Statement statement);

    /** What a statement that has finished yields. Immutable but for the cursor of its result. */
    final class Outcome {
        private final ResultSet result;
        private final boolean hasColumns;

        /** @param hasColumns whether clients should look at the result */
        Outcome(ResultSet result, boolean hasColumns) {
            this.result = Objects.requireNonNull(result, "result");
            this.hasColumns = hasColumns;
        }

        ResultSet result() {
            return result;
        }

        boolean hasColumns() {
            return hasColumns;
        }
    }
}
