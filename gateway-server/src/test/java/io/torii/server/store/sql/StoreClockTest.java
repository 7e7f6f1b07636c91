package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final long HOURS = Duration.ofHours(3).toMillis();
    private static final long A_MOMENT = Duration.ofMinutes(1).toMillis();

    private final StoreClock clock = new StoreClock();

    @Test
    void takesTheStoresTimeAtFirstAndFollowsNoJump() {
        assertThat(clock.at(NOW)).isEqualTo(NOW);

        assertThat(clock.at(NOW + HOURS)).isBetween(NOW, NOW + A_MOMENT);
        assertThat(clock.at(NOW - HOURS)).isBetween(NOW, NOW + A_MOMENT);
    }

    @Test
    void isTheSameForAllTransactions() {
        assertThat(clock.createCopy()).isSameAs(clock);
    }
}
