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
    private static final int NEVER = 1_000_000_000; // milliseconds

    public DatabaseSettings {
        requireNonNull(url, "url");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /**
     * A file of the gateway's own. What H2 has not written when the process is killed is lost: {@link Database} has it
     * written before it answers, many transactions at once, which {@code WRITE_DELAY=0} would do for each of them. Nobody
     * else must write: what H2's own writer has taken over but not written yet, nobody waits for.
     *
     * @param file without H2's ending
     */
    public static DatabaseSettings embedded(Path file, int connections) {
        String url = "jdbc:h2:file:" + file.toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";LOCK_TIMEOUT=10000;TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=" + NEVER;
        return new DatabaseSettings(url, Optional.of("torii"), Optional.of(new Secret("")), connections);
    }

    boolean isEmbedded() {
        return url.startsWith("jdbc:h2:");
    }
}
