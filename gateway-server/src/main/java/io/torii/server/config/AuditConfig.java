package io.torii.server.config;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a statement's line in the audit log says of its text. Immutable. */
public record AuditConfig(
        @Doc("How much of its SQL: `full`, `truncated` or `none`; a keyed digest of it and its length are always there")
                @Default("truncated")
                Extent sql,
        @Doc("Characters that `truncated` keeps") @Default("1000") int sqlLength,
        @Doc("Regular expression for what is hidden in SQL (what its groups match; all of it, if it has none); not set,"
                        + " passwords, secrets, tokens and keys")
                Optional<String> redact) {
    /** How much of a statement's SQL. */
    public enum Extent {
        FULL,
        TRUNCATED,
        NONE
    }

    public AuditConfig {
        requireNonNull(sql, "sql");
        new Checks()
                .atLeast("sql-length", 1, sqlLength)
                .that(
                        redact.map(AuditConfig::isExpression).orElse(true),
                        "redact",
                        "is '" + redact.orElse("") + "', which is no regular expression of Java's")
                .done();
    }

    private static boolean isExpression(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
