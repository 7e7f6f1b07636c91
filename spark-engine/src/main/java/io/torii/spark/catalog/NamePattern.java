package io.torii.spark.catalog;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern for names, whatever their case, as JDBC has it, {@code %} and {@code _} with escape {@code \}, and as others send
 * it, {@code *} and {@code .*}. Null and an empty text match all names. Immutable.
 */
final class NamePattern {
    private final Pattern regex;
    private final String literal;
    private final boolean all;

    private NamePattern(String regex, String literal, boolean all) {
        this.regex = Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
        this.literal = literal;
        this.all = all;
    }

    static NamePattern of(String text) {
        if (text == null || text.isEmpty()) {
            return new NamePattern(".*", null, true);
        }
        StringBuilder regex = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        boolean several = false;
        boolean all = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith(".*", i)) {
                c = '*';
                i++;
            }
            if (c == '%' || c == '*') {
                regex.append(".*");
                several = true;
            } else if (c == '_') {
                regex.append('.');
                several = true;
                all = false;
            } else {
                boolean escapes = c == '\\' && i + 1 < text.length();
                char plain = escapes ? text.charAt(++i) : c;
                regex.append(Pattern.quote(String.valueOf(plain)));
                literal.append(plain);
                all = false;
            }
        }
        return new NamePattern(regex.toString(), several ? null : literal.toString(), all);
    }

    boolean matches(String name) {
        return all || regex.matcher(name).matches();
    }

    boolean matchesAll() {
        return all;
    }

    /** The one name that this matches, as it was written; empty if it may match several. */
    Optional<String> literal() {
        return Optional.ofNullable(literal);
    }
}
