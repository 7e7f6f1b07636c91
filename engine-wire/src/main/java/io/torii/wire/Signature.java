package io.torii.wire;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header by which an engine proves that a request to a gateway is its own:
 * {@code Torii-Signature: <epoch-millis>:<hex HMAC-SHA256(secret, path + "\n" + epoch-millis + "\n" + body)>}. It says when
 * it was made, and is good for a few minutes around that; whoever must not accept one twice keeps the times. Thread-safe.
 */
public final class Signature {
    public static final String HEADER = "Torii-Signature";

    /** How far an engine's clock may be behind the gateway's, what the request took on its way included. */
    public static final Duration MAX_BEHIND = Duration.ofMinutes(5);

    /** How far an engine's clock may be ahead of the gateway's. */
    public static final Duration MAX_AHEAD = Duration.ofMinutes(4);

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,15}):([0-9a-f]{64})");

    private Signature() {}

    /** The header's value. */
    public static String sign(String secret, String path, long epochMillis, String body) {
        return epochMillis + ":" + hmac(secret, path, epochMillis, body);
    }

    /** When the request was signed, in milliseconds since the epoch; empty if the signature is not good. */
    public static OptionalLong verify(String secret, String path, String body, String header, Clock clock) {
        Objects.requireNonNull(secret, "secret");
        Matcher shape = SHAPE.matcher(header);
        if (!shape.matches()) {
            return OptionalLong.empty();
        }
        long signedAt = Long.parseLong(shape.group(1));
        long ahead = signedAt - clock.millis();
        if (ahead > MAX_AHEAD.toMillis() || -ahead > MAX_BEHIND.toMillis()) {
            return OptionalLong.empty();
        }
        return Hmac.same(hmac(secret, path, signedAt, body), shape.group(2))
                ? OptionalLong.of(signedAt)
                : OptionalLong.empty();
    }

    private static String hmac(String secret, String path, long epochMillis, String body) {
        return Hmac.hex(secret, path + "\n" + epochMillis + "\n" + body);
    }
}
