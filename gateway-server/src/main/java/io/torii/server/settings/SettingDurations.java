package io.torii.server.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Torii ({@code 30m}), Kyuubi ({@code PT30M}, milliseconds) and Hive ({@code 6h}, a number in the unit of its
 * setting) write them. Thread-safe.
 */
final class SettingDurations {
    private static final Duration LONGEST = Duration.ofDays(10_000);
    private static final Pattern SHAPE = Pattern.compile("(-?[0-9]{1,18})\\s*([a-z]*)");
    private static final Map<String, ChronoUnit> UNITS = Map.ofEntries(
            Map.entry("ns", ChronoUnit.NANOS),
            Map.entry("nsec", ChronoUnit.NANOS),
            Map.entry("us", ChronoUnit.MICROS),
            Map.entry("usec", ChronoUnit.MICROS),
            Map.entry("ms", ChronoUnit.MILLIS),
            Map.entry("msec", ChronoUnit.MILLIS),
            Map.entry("s", ChronoUnit.SECONDS),
            Map.entry("sec", ChronoUnit.SECONDS),
            Map.entry("m", ChronoUnit.MINUTES),
            Map.entry("min", ChronoUnit.MINUTES),
            Map.entry("h", ChronoUnit.HOURS),
            Map.entry("hour", ChronoUnit.HOURS),
            Map.entry("d", ChronoUnit.DAYS),
            Map.entry("day", ChronoUnit.DAYS));

    private SettingDurations() {}

    /** Negative ones, by which Hive means never, are zero. */
    static Duration parse(String value, ChronoUnit plainUnit) {
        String text = value.toLowerCase(Locale.ROOT);
        try {
            Duration duration = text.startsWith("p") ? Duration.parse(value) : counted(text, plainUnit);
            if (duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(SettingKind.DURATION.expected());
            }
            return duration.isNegative() ? Duration.ZERO : duration;
        } catch (DateTimeParseException | ArithmeticException problem) {
            throw new IllegalArgumentException(SettingKind.DURATION.expected(), problem);
        }
    }

    private static Duration counted(String text, ChronoUnit plainUnit) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw new IllegalArgumentException(SettingKind.DURATION.expected());
        }
        ChronoUnit unit = shape.group(2).isEmpty() ? plainUnit : UNITS.get(shape.group(2));
        if (unit == null) {
            throw new IllegalArgumentException(SettingKind.DURATION.expected());
        }
        return Duration.of(Long.parseLong(shape.group(1)), unit);
    }
}
