package io.torii.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.torii.api.Secret;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bcrypt hash of a password, as a users file has it. Immutable, thread-safe. */
public record PasswordHash(String text) {
    private static final Pattern SHAPE = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final int COST = 10;
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 16;
    private static final int MAX_BYTES = 72;

    /** Fails with an IllegalArgumentException if the text is no bcrypt hash of a bearable cost. */
    public PasswordHash {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the hash is no bcrypt hash ($2a$, $2b$ or $2y$)");
        }
        int cost = Integer.parseInt(matcher.group(1));
        if (cost < MIN_COST || cost > MAX_COST) {
            throw new IllegalArgumentException(
                    "the hash has cost " + cost + ", expected " + MIN_COST + " to " + MAX_COST);
        }
    }

    /** Hashes a password. Takes a tenth of a second, on purpose. */
    public static PasswordHash of(Secret password) {
        byte[] bytes = password.value().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("A password has " + bytes.length + " bytes, expected 1 to " + MAX_BYTES);
        }
        byte[] hash = BCrypt.with(BCrypt.Version.VERSION_2B).hash(COST, bytes);
        return new PasswordHash(new String(hash, StandardCharsets.US_ASCII));
    }

    /** Takes as long as the hash's cost says. */
    boolean matches(Secret password) {
        return BCrypt.verifyer(null, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(password.value().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.US_ASCII))
                .verified;
    }

    int cost() {
        return Integer.parseInt(text.substring(4, 6));
    }

    @Override
    public String toString() {
        return "***";
    }
}
