package io.torii.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Metric TIME = new Metric("time", Metric.Unit.MILLIS, "4 x");

    private final Opponent torii = new FakeOpponent("Torii");
    private final Opponent other = new FakeOpponent("Other");
    private final List<Opponent> opponents = List.of(torii, other);
    private final List<String> asked = new ArrayList<>();

    @Test
    void opponentsTakeTurnsAndAnotherOneBeginsEachRound() {
        rounds(3).run(probe(Map.of("Torii", 1.0, "Other", 1.0)));

        assertThat(asked)
                .containsExactly(
                        "Torii 0", "Other 0", "Other 1", "Torii 1", "Torii 2", "Other 2", "Other 3", "Torii 3");
    }

    @Test
    void warmingUpIsNotCounted() {
        Rounds rounds = rounds(3);

        rounds.run(probe(Map.of("Torii", 5.0, "Other", 20.0)));

        assertThat(rounds.of(TIME, torii).medians()).containsExactly(5.0, 10.0, 15.0);
    }

    @Test
    void theTableShowsMediansSpreadAndHowManyTimesBetterTheFirstIs() {
        Rounds rounds = rounds(3);

        rounds.run(probe(Map.of("Torii", 5.0, "Other", 20.0)));

        Comparison table = new Comparison(opponents, rounds);
        assertThat(table.head())
                .containsExactly(
                        "| probe | Torii | Other | Torii is better than Other by | aim |", "|---|---|---|---|---|");
        assertThat(table.line(TIME))
                .isEqualTo("| time | 10.0 ms (5.0 ms to 10.0 ms) | 40.0 ms (20.0 ms to 40.0 ms)"
                        + " | **4.00 x** (4.00 to 4.00) | 4 x |");
    }

    @Test
    void moreIsBetterForRates() {
        assertThat(Metric.Unit.PER_SECOND.better(300, 100)).isEqualTo(3);
        assertThat(Metric.Unit.SECONDS.better(2, 10)).isEqualTo(5);
    }

    @Test
    void oneThatFailsIsLeftOutAndTheOthersGoOn() {
        Rounds rounds = rounds(2);

        rounds.run(probe(Map.of("Torii", 1.0)));

        assertThat(asked).containsExactly("Torii 0", "Other 0", "Torii 1", "Torii 2");
        assertThat(rounds.hasFailures()).isTrue();
        assertThat(new Comparison(opponents, rounds).line(TIME))
                .isEqualTo("| time | 1.0 ms (1.0 ms to 1.0 ms) | failed |  | 4 x |");
    }

    private Rounds rounds(int rounds) {
        return new Rounds(
                opponents, rounds, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    /** Takes that long, times the turn. */
    private Probe probe(Map<String, Double> millis) {
        return new Probe() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public List<Metric> metrics() {
                return List.of(TIME);
            }

            @Override
            public Duration warmUp() {
                return Duration.ofNanos(1);
            }

            @Override
            public void round(Opponent opponent, int turn, Recorder recorder) {
                asked.add(opponent.name() + " " + turn);
                recorder.record(TIME, millis.get(opponent.name()) * turn);
            }
        };
    }

    private record FakeOpponent(String name) implements Opponent {
        @Override
        public void start() {}

        @Override
        public String url() {
            return "";
        }

        @Override
        public List<ProcessHandle> processes() {
            return List.of();
        }

        @Override
        public FirstRow firstRow(int turn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
