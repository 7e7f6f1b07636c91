package io.torii.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenRenewalTest {
    private static final Duration INTERVAL = Duration.ofHours(8);
    private static final byte[] FRESH = {1, 2, 3};

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<byte[]> taken = new ArrayList<>();

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    @Test
    void handsOnWhatItGetsAndWaitsForTheInterval() {
        Duration next = renewal(() -> FRESH, INTERVAL, 0).ask();

        assertThat(taken).containsExactly(FRESH);
        assertThat(next).isEqualTo(INTERVAL);
    }

    @Test
    void asksAgainAfterAMinuteWhenItGetsNone() {
        TokenRenewal.Source away = () -> {
            throw new IOException("No gateway answered");
        };

        assertThat(renewal(away, INTERVAL, 0).ask()).isEqualTo(Duration.ofMinutes(1));
        assertThat(renewal(away, Duration.ofSeconds(2), 0).ask()).isEqualTo(Duration.ofSeconds(2));
        assertThat(taken).isEmpty();
    }

    @Test
    void asksAgainWhenTheGatewayKnowsOfNone() {
        assertThat(renewal(() -> new byte[0], INTERVAL, 0).ask()).isEqualTo(Duration.ofMinutes(1));
        assertThat(taken).isEmpty();
    }

    @Test
    void outlivesAnEngineThatCannotTakeThem() {
        TokenRenewal.Sink broken = file -> {
            throw new NoClassDefFoundError("UpdateDelegationTokens");
        };

        TokenRenewal renewal = new TokenRenewal(() -> FRESH, broken, INTERVAL, thread, () -> 0);

        assertThat(renewal.ask()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void asksUpToAFifthEarlierThanOthers() {
        assertThat(renewal(() -> FRESH, Duration.ofMinutes(100), 1).ask()).isEqualTo(Duration.ofMinutes(80));
    }

    @Test
    void asksAgainAndAgain() throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        TokenRenewal.Source sometimes = () -> {
            three.countDown();
            if (three.getCount() == 1) {
                throw new IOException("not now");
            }
            return FRESH;
        };

        renewal(sometimes, Duration.ofMillis(10), 0).start();

        assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private TokenRenewal renewal(TokenRenewal.Source source, Duration interval, double random) {
        return new TokenRenewal(source, taken::add, interval, thread, () -> random);
    }
}
