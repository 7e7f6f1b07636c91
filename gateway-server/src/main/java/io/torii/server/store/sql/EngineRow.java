package io.torii.server.store.sql;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.engine.ShareLevel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A launch as the store has it.
 *
 * @param engine present once it has registered
 * @param tokenDigest of the token that opens the registration
 * @param leaseUntil in milliseconds since 1970, by the store's clock
 */
record EngineRow(LaunchTag tag, Optional<RunningEngine> engine, String tokenDigest, long leaseUntil) {
    boolean isOver(long now) {
        return engine.isEmpty() && leaseUntil <= now;
    }

    static EngineRow of(ResultSet row) throws SQLException {
        LaunchTag tag = new LaunchTag(row.getString("tag"));
        long registeredAt = row.getLong("registered_at");
        Optional<RunningEngine> engine =
                row.wasNull() ? Optional.empty() : Optional.of(engine(row, tag, Instant.ofEpochMilli(registeredAt)));
        return new EngineRow(tag, engine, row.getString("token_digest"), row.getLong("lease_until"));
    }

    /** The key as a text of fixed length that no two keys share. */
    static String digest(EngineKey key) {
        StringBuilder text = new StringBuilder();
        for (String part : List.of(
                key.cluster(),
                key.engineType(),
                key.shareLevel().name(),
                key.identity(),
                key.queue(),
                key.subdomain(),
                key.fingerprint())) {
            text.append(part.length()).append(':').append(part);
        }
        if (!key.profile().isEmpty()) { // gateways that know no profiles have the same digest for the other keys
            text.append(key.profile().length()).append(':').append(key.profile());
        }
        return digest(text.toString());
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static RunningEngine engine(ResultSet row, LaunchTag tag, Instant registeredAt) throws SQLException {
        EngineKey key = new EngineKey(
                row.getString("cluster"),
                row.getString("engine_type"),
                row.getString("profile"),
                ShareLevel.valueOf(row.getString("share_level")),
                row.getString("identity"),
                row.getString("queue"),
                row.getString("subdomain"),
                row.getString("fingerprint"));
        return new RunningEngine(
                tag,
                key,
                row.getString("host"),
                row.getInt("port"),
                new Secret(row.getString("secret")),
                row.getString("application_id"),
                row.getString("web_url"),
                row.getString("version"),
                registeredAt);
    }
}
