package io.torii.it.bench;

/** The same again and again, each time by the clock, and all together by what the servers' CPUs have worked for it. */
record Timed(Metric latency, Metric cpu) {
    interface Work {
        void run() throws Exception;
    }

    static Timed of(String label, String aim) {
        return new Timed(
                new Metric(label, Metric.Unit.MILLIS, aim),
                new Metric(label + ": CPU of server and engine", Metric.Unit.MILLIS, ""));
    }

    void run(Opponent opponent, int times, Probe.Recorder recorder, Work work) throws Exception {
        double before = Usage.cpuMillis(opponent.processes());
        for (int time = 0; time < times; time++) {
            long start = System.nanoTime();
            work.run();
            recorder.record(latency, (System.nanoTime() - start) / 1e6);
        }
        recorder.record(cpu, (Usage.cpuMillis(opponent.processes()) - before) / times);
    }

    /** A statement in a session of its own, which opens, and answers it once, before the clock starts. */
    void inSession(Opponent opponent, String sql, int times, Probe.Recorder recorder) throws Exception {
        JdbcClient client = opponent.client(Opponent.USER);
        client.open();
        client.query(sql, Probe.FETCH_SIZE);
        run(opponent, times, recorder, () -> client.query(sql, Probe.FETCH_SIZE));
        client.closeSession();
    }
}
