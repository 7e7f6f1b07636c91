package io.torii.server.config;

import io.torii.api.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Single values from text and back. Thread-safe. */
final class Texts {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<Class<?>, Function<String, Object>> PARSERS = Map.of(
            String.class, text -> text,
            int.class, Texts::integer,
            long.class, Texts::wholeNumber,
            boolean.class, Texts::truth,
            Duration.class, Texts::duration,
            DataSize.class, DataSize::parse,
            Secret.class, Secret::new,
            Path.class, Texts::path,
            URI.class, Texts::uri);

    private Texts() {}

    static boolean isScalar(Class<?> type) {
        return type.isEnum() || PARSERS.containsKey(type);
    }

    /** Throws IllegalArgumentException with the end of a sentence that begins with the key. */
    static Object parse(Class<?> type, String text) {
        return type.isEnum() ? constant(type, text) : PARSERS.get(type).apply(text);
    }

    static String of(Object value) {
        if (value instanceof Duration duration) {
            return of(duration);
        }
        return value instanceof Enum<?> constant ? label(constant.name()) : value.toString();
    }

    static String of(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            if (millis != 0 && millis % MILLIS.get(unit) == 0) {
                return millis / MILLIS.get(unit) + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    /** {@code idleTimeout} and {@code IDLE_TIMEOUT} as {@code idle-timeout}. */
    static String label(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT))
                ? name.toLowerCase(Locale.ROOT).replace('_', '-')
                : name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> label(((Enum<?>) constant).name()).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("is '" + text + "', expected one of " + constants(type)));
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> label(((Enum<?>) constant).name()))
                .collect(Collectors.joining(", "));
    }

    private static Object integer(String text) {
        long number = (long) wholeNumber(text);
        if (number != (int) number) {
            throw new IllegalArgumentException("is " + text + ", which is too large");
        }
        return (int) number;
    }

    private static Object wholeNumber(String text) {
        try {
            return Long.parseLong(text.trim().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is '" + text + "', expected a whole number", e);
        }
    }

    private static Object truth(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("is '" + text + "', expected true or false");
        };
    }

    private static Object duration(String text) {
        String wanted = text.trim().toLowerCase(Locale.ROOT);
        Matcher matcher = DURATION.matcher(wanted);
        try {
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                return Duration.ofMillis(Math.multiplyExact(number, MILLIS.get(matcher.group(2))));
            }
            return wanted.equals("0")
                    ? Duration.ZERO
                    : Duration.ofMillis(Duration.parse(wanted).toMillis());
        } catch (ArithmeticException | DateTimeParseException e) {
            throw new IllegalArgumentException("is '" + text + "', expected a duration such as 500ms, 5s, 10m, 6h", e);
        }
    }

    private static Object path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is '" + text + "', which is not a path", e);
        }
    }

    private static Object uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is '" + text + "', which is not a URL", e);
        }
    }
}
