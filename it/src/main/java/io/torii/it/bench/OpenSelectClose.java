package io.torii.it.bench;

import java.util.List;

/** What a tool without a pool does for each question; opening includes the TCP connection. */
final class OpenSelectClose implements Probe {
    private static final int TIMES = 25;
    private static final Timed TIMED = Timed.of("open, `select 1`, close", "3 x");

    @Override
    public String name() {
        return "open";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(TIMED.latency(), TIMED.cpu());
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        JdbcClient client = opponent.client(Opponent.USER);
        TIMED.run(opponent, TIMES, recorder, () -> {
            client.open();
            client.query(SELECT_1, FETCH_SIZE);
            client.closeSession();
        });
    }
}
