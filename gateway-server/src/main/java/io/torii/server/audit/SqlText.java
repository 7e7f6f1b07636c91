package io.torii.server.audit;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How much of a statement's text is written down, and what of it never is. Immutable, thread-safe. */
public final class SqlText {
    private static final String NAME = "(?:password|passwd|pwd|passphrase|secret|token|credential"
            + "|(?:access|account|api|private)[._-]?key)[\\w.-]{0,64}+";

    private static final String GAP = "(?:\\s++|/\\*(?:[^*]|\\*(?!/)){0,500}+\\*/|--[^\\n]{0,500}+\\n){0,16}+";

    /** Within quotes, up to their end or that of the text. */
    private static final String QUOTED =
            "(?:'((?:[^'\\\\]++|\\\\.|''){0,1000}+)|\"((?:[^\"\\\\]++|\\\\.|\"\"){0,1000}+))";

    /** The same within quotes that a backslash precedes, since they are within quotes themselves. */
    private static final String QUOTED_WITHIN = "\\\\(?:\"((?:[^\"\\\\]++|\\\\\\\\(?:\\\\.)?+|\\\\[^\"\\\\]){0,1000}+)"
            + "|'((?:[^'\\\\]++|\\\\\\\\(?:\\\\.)?+|\\\\[^'\\\\]){0,1000}+))";

    /**
     * Passwords, secrets, tokens and keys: quoted after their name, with or without a sign between; unquoted after {@code =}
     * or {@code :}; whatever follows it in a SET; and signatures, bearers' tokens and passwords of URLs. Comments and spaces
     * may be between. A text that ends within the quotes ends the secret. Every loop is possessive or short, and nested ones
     * are bounded, so that no text makes it slow or deep.
     */
    public static final String SECRETS = "(?is)"
            + "\\A" + GAP + "set\\s[^=]{0,300}?" + NAME + "[^=]{0,300}+=\\s*+(.++)"
            + "|" + NAME + "\\\\?+['\"`]?+" + GAP
            + "(?:[=:,(<>!]{0,3}+" + GAP + "(?:(?:[rbxn]|u&)?+" + QUOTED + "|" + QUOTED_WITHIN + ")"
            + "|[=:][=>]?+" + GAP + "([^\\s'\",;)]++))"
            + "|(?<!\\w)sig=([^\\s'\"&,;)]++)"
            + "|(?<!\\w)bearer\\s++([\\w.~+/=-]{6,}+)"
            + "|://[^\\s/:@'\"]{0,200}+:([^\\s'\"]{1,300})@";

    private static final String HIDDEN = "***";
    private static final int LONGEST_SECRET = 4_096;
    private static final int DIGITS = 16;
    private static final String HMAC = "HmacSHA256";

    /** How much of the text is written. */
    public enum Extent {
        FULL,
        TRUNCATED,
        NONE
    }

    /**
     * A text as it may be written.
     *
     * @param digest the first 16 hexadecimal digits of the whole text's HMAC-SHA256: equal texts have equal ones, and
     *     without the key nobody can try which text it was
     * @param length of the whole text, in characters
     */
    record Shown(String digest, int length, Optional<String> text) {}

    private final Extent extent;
    private final int limit;
    private final Pattern secrets;
    private final SecretKeySpec key;

    /**
     * @param limit characters that {@link Extent#TRUNCATED} keeps
     * @param secrets what its groups match is hidden; the whole of it, if it has no groups
     * @param key of the digests; the same for all whose digests are compared
     */
    public SqlText(Extent extent, int limit, Pattern secrets, Secret key) {
        this.extent = requireNonNull(extent, "extent");
        this.limit = limit;
        this.secrets = requireNonNull(secrets, "secrets");
        this.key = new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), HMAC);
    }

    Shown of(String sql) {
        return new Shown(digest(sql), sql.length(), shown(sql));
    }

    private Optional<String> shown(String sql) {
        return switch (extent) {
            case NONE -> Optional.empty();
            case FULL -> Optional.of(redacted(sql));
            case TRUNCATED -> Optional.of(truncated(redacted(cut(sql, limit + LONGEST_SECRET)), sql.length()));
        };
    }

    private String truncated(String text, int whole) {
        return text.length() <= limit && whole <= limit + LONGEST_SECRET ? text : cut(text, limit) + "…";
    }

    private String redacted(String sql) {
        try {
            Matcher matcher = secrets.matcher(sql);
            StringBuilder text = new StringBuilder();
            int done = 0;
            while (matcher.find()) {
                done = matcher.groupCount() == 0
                        ? hide(sql, text, done, matcher.start(), matcher.end())
                        : hideGroups(sql, text, done, matcher);
            }
            return text.append(sql, done, sql.length()).toString();
        } catch (StackOverflowError tooDeep) {
            return HIDDEN; // an expression of the administrator's, and a text that was made for it
        }
    }

    private static int hideGroups(String sql, StringBuilder text, int from, Matcher matcher) {
        int done = from;
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.start(group) >= done && matcher.end(group) > matcher.start(group)) {
                done = hide(sql, text, done, matcher.start(group), matcher.end(group));
            }
        }
        return done;
    }

    private static int hide(String sql, StringBuilder text, int done, int start, int end) {
        text.append(sql, done, start).append(HIDDEN);
        return end;
    }

    /** The beginning of a text, never half a character. */
    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    private String digest(String sql) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] digest = mac.doFinal(sql.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
