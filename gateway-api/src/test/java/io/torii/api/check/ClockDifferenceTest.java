package io.torii.api.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockDifferenceTest {
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");

    @Test
    void countsFromTheMiddleBetweenQuestionAndAnswer() {
        assertThat(ClockDifference.of(NOON.plusSeconds(7), NOON, NOON.plusSeconds(4)))
                .isEqualTo(new ClockDifference(Duration.ofSeconds(5)));
    }

    @Test
    void isWellUpToHalfAMinute() {
        assertThat(line(1)).isEqualTo("ok   clock: that of the store agrees within 2 s");
        assertThat(line(29)).isEqualTo("ok   clock: that of the store is 29 s ahead");
    }

    @Test
    void isOddUpToWhatEnginesAreAllowed() {
        assertThat(line(-60))
                .isEqualTo(
                        "warn clock: that of the store is 60 s behind; have both set by the same time service (NTP)");
    }

    @Test
    void isWrongBeyond() {
        assertThat(line(240))
                .isEqualTo("FAIL clock: that of the store is 240 s ahead, so that signatures and tickets are refused;"
                        + " have both set by the same time service (NTP)");
    }

    private static String line(long seconds) {
        return new ClockDifference(Duration.ofSeconds(seconds))
                .finding("clock", "the store")
                .line();
    }
}
