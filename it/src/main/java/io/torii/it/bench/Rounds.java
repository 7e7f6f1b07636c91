package io.torii.it.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks all opponents in turn, round by round, so that a drift of the machine's speed meets all alike; while one is
 * measured, the others idle. Who begins changes with each round.
 */
final class Rounds {
    private final List<Opponent> opponents;
    private final int rounds;
    private final PrintStream progress;
    private final Map<Metric, Map<Opponent, Samples>> results = new HashMap<>();

    Rounds(List<Opponent> opponents, int rounds, PrintStream progress) {
        this.opponents = opponents;
        this.rounds = rounds;
        this.progress = progress;
    }

    void run(Probe probe) throws Exception {
        for (Opponent opponent : opponents) {
            probe.prepare(opponent);
        }
        int warmUps = probe.warmUps();
        for (int turn = 0; turn < warmUps + probe.rounds(rounds); turn++) {
            int round = turn - warmUps;
            progress.printf("%s: %s%n", probe.name(), round < 0 ? "warming up" : "round " + (round + 1));
            for (Opponent opponent : inTurn(turn)) {
                try {
                    probe.round(opponent, turn, (metric, value) -> {
                        if (round >= 0) {
                            of(metric, opponent).add(round, value);
                        }
                    });
                } catch (Exception problem) {
                    throw new IllegalStateException(
                            "probe " + probe.name() + " fails at " + opponent.name() + ": " + problem, problem);
                }
            }
        }
    }

    private List<Opponent> inTurn(int turn) {
        List<Opponent> order = new ArrayList<>(opponents);
        Collections.rotate(order, turn);
        return order;
    }

    Samples of(Metric metric, Opponent opponent) {
        return results.computeIfAbsent(metric, added -> new HashMap<>())
                .computeIfAbsent(opponent, added -> new Samples());
    }
}
