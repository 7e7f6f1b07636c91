package io.torii.api.session;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** Names one statement of a session, at every gateway and in its engine. Not a credential. */
public record StatementId(SessionId session, UUID value) {
    public StatementId {
        requireNonNull(session, "session");
        requireNonNull(value, "value");
    }

    public static StatementId random(SessionId session) {
        return new StatementId(session, UUID.randomUUID());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
