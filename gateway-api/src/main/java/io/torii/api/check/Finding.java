package io.torii.api.check;

import static java.util.Objects.requireNonNull;

/**
 * What a check has found, as one line that an administrator reads. Immutable.
 *
 * @param subject what was looked at
 * @param found what was found, a clause without a full stop and with nothing secret in it
 * @param advice what to do; filled if something is odd or wrong, else empty
 */
public record Finding(String subject, Level level, String found, String advice) {
    /** How bad it is. */
    public enum Level {
        OK("ok"),
        /** It works, but perhaps not as intended. */
        WARN("warn"),
        /** It cannot work. */
        FAIL("FAIL"),
        /** Nobody can tell, since something else failed. */
        SKIP("skip");

        private final String word;

        Level(String word) {
            this.word = word;
        }
    }

    public Finding {
        requireNonNull(level, "level");
        subject = oneLine(subject);
        found = oneLine(found);
        advice = oneLine(advice);
        if (subject.isEmpty() || found.isEmpty()) {
            throw new IllegalArgumentException("a finding without words: " + subject + ": " + found);
        }
        if (advice.isEmpty() == (level == Level.WARN || level == Level.FAIL)) {
            throw new IllegalArgumentException(
                    "whoever finds what is wrong, and nobody else, says what to do: " + subject + ": " + found);
        }
    }

    public static Finding ok(String subject, String found) {
        return new Finding(subject, Level.OK, found, "");
    }

    public static Finding warn(String subject, String found, String advice) {
        return new Finding(subject, Level.WARN, found, advice);
    }

    public static Finding fail(String subject, String found, String advice) {
        return new Finding(subject, Level.FAIL, found, advice);
    }

    /** @param reason why it was not looked at */
    public static Finding skip(String subject, String reason) {
        return new Finding(subject, Level.SKIP, "not looked at, since " + reason, "");
    }

    /** The same of one part among several of its kind: {@code mini queue} of the cluster {@code mini}. */
    public Finding of(String part) {
        return new Finding(part + " " + subject, level, found, advice);
    }

    /** Whether what depends on it need not be tried. */
    public boolean stops() {
        return level == Level.FAIL || level == Level.SKIP;
    }

    /** {@code FAIL queue: there is no queue 'etl'; make it, or set another} */
    public String line() {
        return String.format("%-4s %s: %s%s", level.word, subject, found, advice.isEmpty() ? "" : "; " + advice);
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }
}
