package io.torii.it.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks all opponents in turn, round by round, so that a drift of the machine's speed meets all alike; while one is
 * measured, the others idle. Who begins changes with each round. One that fails is left out of the rest of that probe.
 */
final class Rounds {
    private final List<Opponent> opponents;
    private final int rounds;
    private final PrintStream progress;
    private final Map<Metric, Map<Opponent, Samples>> results = new HashMap<>();
    private final Map<Metric, Set<Opponent>> failed = new HashMap<>();

    Rounds(List<Opponent> opponents, int rounds, PrintStream progress) {
        this.opponents = opponents;
        this.rounds = rounds;
        this.progress = progress;
    }

    void run(Probe probe) {
        new Run(probe).all();
    }

    /** What has been measured, nothing if it failed. */
    Samples of(Metric metric, Opponent opponent) {
        return results.computeIfAbsent(metric, added -> new HashMap<>())
                .computeIfAbsent(opponent, added -> new Samples());
    }

    boolean hasFailed(Metric metric, Opponent opponent) {
        return failed.getOrDefault(metric, Set.of()).contains(opponent);
    }

    boolean hasFailures() {
        return !failed.isEmpty();
    }

    private final class Run {
        private final Probe probe;
        private final Map<Opponent, Duration> played = new HashMap<>();
        private final List<Opponent> players = new ArrayList<>(opponents);
        private int turn;

        Run(Probe probe) {
            this.probe = probe;
            players.forEach(player -> played.put(player, Duration.ZERO));
        }

        void all() {
            for (Opponent player : List.copyOf(players)) {
                attempt(player, () -> probe.prepare(player));
            }
            progress.printf("%s: warming up%n", probe.name());
            for (List<Opponent> cold = cold(); !cold.isEmpty(); cold = cold()) {
                round(cold, (player, metric, value) -> {});
            }
            for (int i = 0; i < probe.rounds(rounds); i++) {
                int round = i;
                progress.printf("%s: round %d%n", probe.name(), round + 1);
                round(players, (player, metric, value) -> of(metric, player).add(round, value));
            }
        }

        private List<Opponent> cold() {
            return players.stream()
                    .filter(player -> played.get(player).compareTo(probe.warmUp()) < 0)
                    .toList();
        }

        private void round(List<Opponent> some, Sink sink) {
            List<Opponent> order = new ArrayList<>(some);
            Collections.rotate(order, turn);
            for (Opponent player : order) {
                attempt(player, () -> {
                    long start = System.nanoTime();
                    probe.round(player, turn, (metric, value) -> sink.add(player, metric, value));
                    played.merge(player, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
                });
            }
            turn++;
        }

        private void attempt(Opponent player, Step step) {
            try {
                step.run();
            } catch (Exception problem) {
                progress.printf("%s fails at %s: %s%n", player.name(), probe.name(), problem);
                players.remove(player);
                for (Metric metric : probe.metrics()) {
                    failed.computeIfAbsent(metric, added -> new HashSet<>()).add(player);
                    of(metric, player).clear();
                }
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Sink {
        void add(Opponent player, Metric metric, double value);
    }
}
