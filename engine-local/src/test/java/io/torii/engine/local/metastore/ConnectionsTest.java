package io.torii.engine.local.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final AtomicLong nanoTime = new AtomicLong();
    private final Connections connections = new Connections(nanoTime::get);

    @Test
    void isIdleOnceNobodyHasBeenConnectedForTheLimit() {
        assertThat(connections.idleFor(LIMIT)).isFalse();

        nanoTime.addAndGet(LIMIT.toNanos());

        assertThat(connections.idleFor(LIMIT)).isTrue();
    }

    @Test
    void isNotIdleWhileSomebodyIsConnectedHoweverQuiet() {
        connections.createContext(null, null);

        nanoTime.addAndGet(LIMIT.multipliedBy(100).toNanos());

        assertThat(connections.idleFor(LIMIT)).isFalse();
    }
}
