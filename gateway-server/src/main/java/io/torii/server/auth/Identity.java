package io.torii.server.auth;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/** Who somebody has proved to be. */
public record Identity(String user, Set<String> groups) {
    public Identity {
        requireNonNull(user, "user");
        groups = Set.copyOf(groups);
    }
}
