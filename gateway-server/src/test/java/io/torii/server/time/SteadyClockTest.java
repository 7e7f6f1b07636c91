package io.torii.server.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.store.MovableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOURS = Duration.ofHours(3);

    private final MovableClock wall = new MovableClock();
    private final Instant start = wall.instant();
    private long nanos = 17;
    private final SteadyClock clock = new SteadyClock(wall, () -> nanos);

    @Test
    void goesWithAClockThatGoes() {
        pass(MINUTE);

        assertThat(clock.instant()).isEqualTo(start.plus(MINUTE));
        assertThat(clock.millis()).isEqualTo(start.plus(MINUTE).toEpochMilli());
    }

    @Test
    void aJumpAheadLetsNothingBeOver() {
        wall.advance(HOURS);
        assertThat(clock.instant()).isEqualTo(start);

        pass(MINUTE);

        assertThat(clock.instant()).isEqualTo(start.plus(MINUTE).plusSeconds(6));
    }

    @Test
    void catchesUpInTheEnd() {
        wall.advance(HOURS);
        clock.instant();

        pass(HOURS.multipliedBy(10));

        assertThat(clock.instant()).isEqualTo(wall.instant());
    }

    @Test
    void aJumpBackHoldsNothingUp() {
        wall.advance(HOURS.negated());
        assertThat(clock.instant()).isEqualTo(start);

        pass(MINUTE);

        assertThat(clock.instant()).isEqualTo(start.plusSeconds(54));
        pass(HOURS.multipliedBy(10));
        assertThat(clock.instant()).isEqualTo(wall.instant());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall.advance(time);
    }
}
