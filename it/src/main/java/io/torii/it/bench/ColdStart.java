package io.torii.it.bench;

import java.time.Duration;
import java.util.List;

/** The first question of somebody for whom no engine runs, and then that of his next session. */
final class ColdStart implements Probe {
    private static final Metric COLD =
            new Metric("request to first row, no engine running", Metric.Unit.SECONDS, "6 s");
    private static final Metric WARM =
            new Metric("next session of that user, request to first row", Metric.Unit.SECONDS, "0.3 s");

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(COLD, WARM);
    }

    /** One start. */
    @Override
    public Duration warmUp() {
        return Duration.ofNanos(1);
    }

    @Override
    public int rounds(int asked) {
        return Math.min(3, asked);
    }

    @Override
    public void round(Opponent opponent, int turn, Recorder recorder) throws Exception {
        Opponent.FirstRow row = opponent.firstRow(turn);
        recorder.record(COLD, row.coldSeconds());
        row.warmSeconds().ifPresent(warm -> recorder.record(WARM, warm));
    }
}
