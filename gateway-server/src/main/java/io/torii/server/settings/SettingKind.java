package io.torii.server.settings;

import io.torii.api.engine.ShareLevel;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** What values a setting takes, and their canonical form. Immutable, thread-safe. */
public enum SettingKind {
    TEXT("a text without line breaks, of 1,000 characters at most") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            if (value.length() > 1_000 || hasControlCharacters(value)) {
                throw new IllegalArgumentException(expected());
            }
            return value;
        }
    },
    NAME("letters, digits, '.', '_' and '-', 64 characters at most") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            return matching("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}", value);
        }
    },
    QUEUE("a queue's name or path: letters, digits, '.', ':', '_', '-'") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            return matching("[A-Za-z0-9_][A-Za-z0-9.:_-]{0,254}", value);
        }
    },
    DURATION("a duration such as 30s, 10m, 6h or PT30M; 0 is for ever") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            return SettingDurations.parse(value, unit).toString();
        }
    },
    COUNT("a whole number from 1 to 1000000") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            String digits = matching("[0-9]{1,7}", value);
            int count = Integer.parseInt(digits);
            if (count < 1 || count > 1_000_000) {
                throw new IllegalArgumentException(expected());
            }
            return Integer.toString(count);
        }
    },
    SWITCH("true or false") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            return matching("true|false", value.toLowerCase(Locale.ROOT));
        }
    },
    SHARE_LEVEL("connection, user, group or server") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            return ShareLevel.of(value)
                    .map(ShareLevel::label)
                    .orElseThrow(() -> new IllegalArgumentException(expected()));
        }
    },
    ENGINE_TYPE("spark") {
        @Override
        String canonical(String value, ChronoUnit unit) {
            String type = value.toLowerCase(Locale.ROOT);
            if (!type.equals("spark") && !type.equals("spark_sql")) {
                throw new IllegalArgumentException(expected());
            }
            return "spark";
        }
    };

    private final String expected;

    SettingKind(String expected) {
        this.expected = expected;
    }

    /** What a value may be, for people. */
    public String expected() {
        return expected;
    }

    /** The value's one form; throws IllegalArgumentException with what is expected instead. */
    abstract String canonical(String value, ChronoUnit unit);

    String matching(String pattern, String value) {
        if (!Pattern.matches(pattern, value)) {
            throw new IllegalArgumentException(expected);
        }
        return value;
    }

    static boolean hasControlCharacters(String value) {
        return value.chars().anyMatch(Character::isISOControl);
    }
}
