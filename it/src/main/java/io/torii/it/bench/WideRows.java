package io.torii.it.bench;

import java.util.List;

/** A large result, computed as it is read, every value decoded by the driver. */
final class WideRows implements Probe {
    static final String SQL = "SELECT id, concat('name ', id) AS name, id / 3.0D AS ratio, id * 7 AS seven,"
            + " concat('group ', id % 100) AS grp, CAST(id / 100 AS DECIMAL(18, 2)) AS amount,"
            + " date_add(DATE '2020-01-01', CAST(id % 1000 AS INT)) AS day, id % 2 = 0 AS even"
            + " FROM range(0, 1000000, 1, 8)";
    static final int ROWS = 1_000_000;
    private static final Metric RATE =
            new Metric("1,000,000 rows x 8 columns", Metric.Unit.ROWS_PER_SECOND, "2 x, then 1,200,000 rows/s");

    private static final Metric CPU =
            new Metric("1,000,000 rows x 8 columns: CPU of server and engine", Metric.Unit.MILLIS, "");

    @Override
    public String name() {
        return "rows";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(RATE, CPU);
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        JdbcClient client = opponent.client(Opponent.USER);
        client.open();
        double before = Usage.cpuMillis(opponent.processes());
        long start = System.nanoTime();
        long rows = client.query(SQL, FETCH_SIZE);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = Usage.cpuMillis(opponent.processes()) - before;
        client.closeSession();
        if (rows != ROWS) {
            throw new IllegalStateException(opponent.name() + " gave " + rows + " rows");
        }
        recorder.record(RATE, rows / seconds);
        recorder.record(CPU, cpu);
    }
}
