package io.torii.server.frontend.thrift;

import java.time.Duration;

/** Limits as a test wants them: small, and some of them its own. */
final class TestLimits {
    private long heldBytes = 1024 * 1024;
    private int connections;
    private int connectionsPerAddress;
    private Duration login = Duration.ofSeconds(5);
    private Duration message = Duration.ofSeconds(5);
    private Duration idle = Duration.ZERO;
    private Duration stall = Duration.ofSeconds(5);
    private Duration call = Duration.ofMinutes(1);
    private Duration statement = Duration.ofMinutes(1);

    TestLimits held(long bytes) {
        heldBytes = bytes;
        return this;
    }

    TestLimits connections(int most) {
        connections = most;
        return this;
    }

    TestLimits connectionsPerAddress(int most) {
        connectionsPerAddress = most;
        return this;
    }

    TestLimits login(Duration limit) {
        login = limit;
        return this;
    }

    TestLimits message(Duration limit) {
        message = limit;
        return this;
    }

    TestLimits idle(Duration limit) {
        idle = limit;
        return this;
    }

    TestLimits stall(Duration limit) {
        stall = limit;
        return this;
    }

    TestLimits call(Duration limit) {
        call = limit;
        return this;
    }

    TestLimits statement(Duration limit) {
        statement = limit;
        return this;
    }

    ThriftLimits make() {
        return new ThriftLimits(
                1024 * 1024,
                heldBytes,
                1_000,
                16,
                connections,
                connectionsPerAddress,
                login,
                message,
                idle,
                stall,
                call,
                statement,
                Duration.ofMillis(100));
    }
}
