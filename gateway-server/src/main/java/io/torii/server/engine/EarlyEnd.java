package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The end of a short statement, which came with the answer to its submission.
 *
 * @param schema an encoded TGetResultSetMetadataResp, of few bytes and checked by nobody; empty if the statement has no
 *     columns, or many
 */
public record EarlyEnd(EngineStatus status, Optional<byte[]> schema) {
    public EarlyEnd {
        requireNonNull(status, "status");
        requireNonNull(schema, "schema");
        if (!status.status().state().isTerminal()) {
            throw new IllegalArgumentException(
                    "an early end in state " + status.status().state());
        }
    }
}
