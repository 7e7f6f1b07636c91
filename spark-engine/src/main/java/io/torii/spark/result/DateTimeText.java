package io.torii.spark.result;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Writes dates and times as {@code yyyy-MM-dd[ HH:mm:ss[.fraction]]}, without objects in between, for the days on which all
 * calendars agree and years have four digits; Spark's own formatters do the rest. Not thread-safe: remembers the offset.
 */
final class DateTimeText {
    static final int MAX_BYTES = 26;

    /** 1582-10-15, the first day of the Gregorian calendar. */
    private static final int FIRST_DAY = -141_427;

    /** 9999-12-31. */
    private static final int LAST_DAY = 2_932_896;

    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
    private static final int DAYS_PER_ERA = 146_097;

    private final ZoneRules rules;
    private long offsetFrom = 1;
    private long offsetUntil;
    private long offsetMicros;

    DateTimeText(ZoneId zone) {
        this.rules = zone.getRules();
    }

    static boolean isPlain(int day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }

    /** Microseconds of local time; plain only if {@link #isPlain(int)} holds for their day. */
    long local(long micros) {
        if (micros < offsetFrom || micros >= offsetUntil) {
            findOffset(micros);
        }
        return micros + offsetMicros;
    }

    static int day(long localMicros) {
        return (int) Math.floorDiv(localMicros, MICROS_PER_DAY);
    }

    /** Writes a plain day and returns where it ends. */
    static int putDay(byte[] bytes, int start, int day) {
        // days are counted from the first of March of year 0, in eras of 400 years: leap days come last
        int shifted = day + 719_468;
        int era = shifted / DAYS_PER_ERA;
        int dayOfEra = shifted - era * DAYS_PER_ERA;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int fromMarch = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * fromMarch + 2) / 5 + 1;
        int month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        int at = putTwo(bytes, start, year / 100);
        at = putTwo(bytes, at, year % 100);
        bytes[at++] = '-';
        at = putTwo(bytes, at, month);
        bytes[at++] = '-';
        return putTwo(bytes, at, dayOfMonth);
    }

    /** Writes a plain local time and returns where it ends. */
    static int putTime(byte[] bytes, int start, long localMicros) {
        int day = day(localMicros);
        long microsOfDay = localMicros - day * MICROS_PER_DAY;
        int seconds = (int) (microsOfDay / MICROS_PER_SECOND);
        int fraction = (int) (microsOfDay - seconds * MICROS_PER_SECOND);
        int at = putDay(bytes, start, day);
        bytes[at++] = ' ';
        at = putTwo(bytes, at, seconds / 3600);
        bytes[at++] = ':';
        at = putTwo(bytes, at, seconds / 60 % 60);
        bytes[at++] = ':';
        at = putTwo(bytes, at, seconds % 60);
        if (fraction == 0) {
            return at;
        }
        bytes[at++] = '.';
        for (int unit = 100_000; fraction > 0; unit /= 10) {
            int digit = fraction / unit;
            bytes[at++] = (byte) ('0' + digit);
            fraction -= digit * unit;
        }
        return at;
    }

    private static int putTwo(byte[] bytes, int at, int value) {
        bytes[at] = (byte) ('0' + value / 10);
        bytes[at + 1] = (byte) ('0' + value % 10);
        return at + 2;
    }

    private void findOffset(long micros) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND));
        offsetMicros = rules.getOffset(instant).getTotalSeconds() * MICROS_PER_SECOND;
        ZoneOffsetTransition before = rules.isFixedOffset() ? null : rules.previousTransition(instant.plusSeconds(1));
        ZoneOffsetTransition after = rules.isFixedOffset() ? null : rules.nextTransition(instant);
        offsetFrom = before == null ? Long.MIN_VALUE : micros(before);
        offsetUntil = after == null ? Long.MAX_VALUE : micros(after);
    }

    private static long micros(ZoneOffsetTransition transition) {
        return Math.multiplyExact(transition.toEpochSecond(), MICROS_PER_SECOND);
    }
}
