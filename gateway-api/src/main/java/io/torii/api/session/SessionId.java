package io.torii.api.session;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** Names one session, at every gateway and in its engine. Not a credential. */
public record SessionId(UUID value) {
    public SessionId {
        requireNonNull(value, "value");
    }

    public static SessionId random() {
        return new SessionId(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
