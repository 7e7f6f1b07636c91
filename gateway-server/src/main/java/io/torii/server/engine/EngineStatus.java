package io.torii.server.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.session.StatementStatus;
import java.util.List;
import java.util.Optional;

/**
 * A statement's status, and what the engine has to tell about its session.
 *
 * @param journal what this and earlier statements did to the session, in order, as far as the engine has not heard that it
 *     is stored
 * @param pinned what of it no journal can bring back, if anything
 */
public record EngineStatus(StatementStatus status, List<JournalLine> journal, Optional<String> pinned) {
    public EngineStatus {
        requireNonNull(status, "status");
        journal = List.copyOf(journal);
        requireNonNull(pinned, "pinned");
    }
}
