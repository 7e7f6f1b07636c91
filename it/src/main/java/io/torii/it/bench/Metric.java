package io.torii.it.bench;

import java.util.Locale;

/**
 * One number that a probe takes.
 *
 * @param aim what Torii must reach, in words; empty if there is none
 */
record Metric(String label, Unit unit, String aim) {
    enum Unit {
        MILLIS("%,.1f ms", false),
        SECONDS("%,.2f s", false),
        PER_SECOND("%,.0f/s", true),
        ROWS_PER_SECOND("%,.0f rows/s", true),
        COUNT("%,.0f", false),
        MIB("%,.0f MiB", false);

        private final String format;
        private final boolean moreIsBetter;

        Unit(String format, boolean moreIsBetter) {
            this.format = format;
            this.moreIsBetter = moreIsBetter;
        }

        String text(double value) {
            return String.format(Locale.ROOT, format, value);
        }

        /** How many times better the first is than the second. */
        double better(double first, double second) {
            return moreIsBetter ? first / second : second / first;
        }
    }
}
