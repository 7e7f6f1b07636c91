package io.torii.it.bench;

import java.util.List;

/** A small query of a dashboard, with a shuffle. */
final class GroupedSum implements Probe {
    private static final int TIMES = 10;
    private static final Timed TIMED = Timed.of("sum over a Parquet table of 100,000 rows, 20 groups", "1 x");

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(TIMED.latency(), TIMED.cpu());
    }

    @Override
    public void prepare(Opponent opponent) throws Exception {
        JdbcClient client = opponent.client(Opponent.USER);
        client.open();
        client.execute("CREATE DATABASE IF NOT EXISTS bench");
        client.execute("CREATE TABLE IF NOT EXISTS bench.small USING parquet AS SELECT id % 20 AS grp, id AS amount"
                + " FROM range(0, 100000, 1, 2)");
        client.closeSession();
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        TIMED.inSession(opponent, "SELECT grp, sum(amount) FROM bench.small GROUP BY grp", TIMES, recorder);
    }
}
