package io.torii.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of data; {@code 64MB} is 64 * 1024 * 1024 bytes. Immutable, thread-safe. */
public record DataSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*(|B|K|KB|KIB|M|MB|MIB|G|GB|GIB|T|TB|TIB)");
    private static final String UNITS = "BKMGT";

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("is negative: " + bytes);
        }
    }

    public static DataSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is '" + text + "', expected a size such as 64MB");
        }
        String unit = matcher.group(2);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0));
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is '" + text + "', which is too large", e);
        }
    }

    /** In the largest unit that divides it: {@code 64MB}. */
    @Override
    public String toString() {
        int power = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && power < UNITS.length() - 1) {
            number /= 1024;
            power++;
        }
        return number + (power == 0 ? "B" : UNITS.charAt(power) + "B");
    }
}
