package io.torii.api.check;

import java.time.Duration;
import java.time.Instant;

/**
 * How far another clock is from this host's. Immutable.
 *
 * @param ahead of this one; negative if it is behind
 */
public record ClockDifference(Duration ahead) {
    private static final Duration UNHEARD_OF = Duration.ofSeconds(2);
    private static final Duration ODD = Duration.ofSeconds(30);

    /** Engines whose clocks are further ahead, or a minute further behind, are not believed. */
    private static final Duration WRONG = Duration.ofMinutes(4);

    private static final String ADVICE = "have both set by the same time service (NTP)";

    /** From what the other clock said when it was asked. */
    public static ClockDifference of(Instant theirs, Instant asked, Instant answered) {
        Instant middle = asked.plus(Duration.between(asked, answered).dividedBy(2));
        return new ClockDifference(Duration.between(middle, theirs));
    }

    /** @param whose clock was asked */
    public Finding finding(String subject, String whose) {
        Duration distance = ahead.abs();
        if (distance.compareTo(UNHEARD_OF) < 0) {
            return Finding.ok(subject, "that of " + whose + " agrees within " + UNHEARD_OF.toSeconds() + " s");
        }
        String found =
                "that of " + whose + " is " + distance.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead");
        if (distance.compareTo(ODD) < 0) {
            return Finding.ok(subject, found);
        }
        return distance.compareTo(WRONG) < 0
                ? Finding.warn(subject, found, ADVICE)
                : Finding.fail(subject, found + ", so that signatures and tickets are refused", ADVICE);
    }
}
