package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.StatementStatus;
import java.util.Optional;

/**
 * A statement's status, and what it did to its session.
 *
 * @param journal the statement's text, if it changed the session's state
 * @param pinned what of it no journal can bring back, if anything
 */
public record EngineStatus(StatementStatus status, Optional<String> journal, Optional<String> pinned) {
    public EngineStatus {
        requireNonNull(status, "status");
        requireNonNull(journal, "journal");
        requireNonNull(pinned, "pinned");
    }
}
