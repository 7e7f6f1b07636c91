package io.torii.server.config;

import io.torii.api.Secret;
import java.util.Optional;

/** The database. Immutable. */
public record StoreConfig(
        @Doc("JDBC URL of a PostgreSQL database; not set, the gateway keeps a file of its own in its work directory")
                Optional<String> url,
        @Doc("User of the database") Optional<String> user,
        @Doc("Password of the database") Optional<Secret> password,
        @Doc("Connections at most") @Default("8") int connections) {
    public StoreConfig {
        new Checks()
                .that(
                        url.map(text -> text.startsWith("jdbc:postgresql:") || text.startsWith("jdbc:h2:"))
                                .orElse(true),
                        "url",
                        "is not supported, expected one that begins with jdbc:postgresql:")
                .atLeast("connections", 1, connections)
                .done();
    }
}
