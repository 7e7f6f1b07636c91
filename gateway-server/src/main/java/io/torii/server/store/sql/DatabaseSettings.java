package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the database is.
 *
 * @param connections at most
 */
public record DatabaseSettings(String url, Optional<String> user, Optional<Secret> password, int connections) {
    public DatabaseSettings {
        requireNonNull(url, "url");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /**
     * A file of the gateway's own. {@code WRITE_DELAY=0}: H2 would else lose what was committed in the last half second
     * before the process is killed.
     *
     * @param file without H2's ending
     */
    public static DatabaseSettings embedded(Path file, int connections) {
        String url = "jdbc:h2:file:" + file.toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000;DB_CLOSE_ON_EXIT=FALSE";
        return new DatabaseSettings(url, Optional.of("torii"), Optional.of(new Secret("")), connections);
    }

    boolean isEmbedded() {
        return url.startsWith("jdbc:h2:");
    }
}
