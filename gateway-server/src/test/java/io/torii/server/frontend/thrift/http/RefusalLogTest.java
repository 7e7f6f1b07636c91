package io.torii.server.frontend.thrift.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final String ADDRESS = "192.0.2.1";

    private final AtomicLong nanos = new AtomicLong();
    private final RefusalLog lines = new RefusalLog(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void anAddressGetsALineAMinuteThatSaysHowManyAreMissing() {
        assertThat(lines.turn(ADDRESS)).hasValue(0);
        assertThat(lines.turn(ADDRESS)).isEmpty();
        pass(Duration.ofSeconds(59));
        assertThat(lines.turn(ADDRESS)).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(lines.turn(ADDRESS)).hasValue(2);
        assertThat(lines.turn(ADDRESS)).isEmpty();
    }

    @Test
    void anotherAddressHasALineOfItsOwn() {
        lines.turn(ADDRESS);

        assertThat(lines.turn("192.0.2.2")).hasValue(0);
    }

    @Test
    void noNumberOfAddressesMakesMoreThanAThousandLinesAMinute() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(lines.turn("address " + i)).hasValue(0);
        }
        assertThat(lines.turn(ADDRESS)).isEmpty();
        pass(Duration.ofMinutes(1));

        assertThat(lines.turn(ADDRESS)).hasValue(0);
        assertThat(lines.turn("address 999")).hasValue(0);
    }
}
