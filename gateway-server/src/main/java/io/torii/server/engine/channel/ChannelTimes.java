package io.torii.server.engine.channel;

import java.time.Duration;

/**
 * How long an engine may take to answer, beyond what a call itself asks it to wait. Pages have no such bound: they wait for
 * their rows; a dead engine is noticed by its connection.
 *
 * @param call an ordinary call
 * @param open opening a session, which may run a whole journal
 */
public record ChannelTimes(Duration call, Duration open) {
    public ChannelTimes {
        if (call.isNegative() || call.isZero() || open.isNegative() || open.isZero()) {
            throw new IllegalArgumentException("channel times: " + call + ", " + open + " (expected: more than zero)");
        }
    }

    public static ChannelTimes defaults() {
        return new ChannelTimes(Duration.ofSeconds(60), Duration.ofMinutes(10));
    }
}
