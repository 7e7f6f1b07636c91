package io.torii.it.bench;

import java.time.Duration;
import java.util.List;

/** What a pool asks before it lends a connection. */
final class SelectOne implements Probe {
    private static final int TIMES = 60;
    private static final Timed TIMED = Timed.of("`select 1`, one session", "4 x");

    @Override
    public String name() {
        return "select";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(TIMED.latency(), TIMED.cpu());
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(75);
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        TIMED.inSession(opponent, SELECT_1, TIMES, recorder);
    }
}
