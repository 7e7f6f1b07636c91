package io.torii.it.bench;

import java.util.ArrayList;
import java.util.List;

/** Values of one metric for one opponent, round by round. One thread at a time. */
final class Samples {
    private final List<List<Double>> rounds = new ArrayList<>();

    void add(int round, double value) {
        while (rounds.size() <= round) {
            rounds.add(new ArrayList<>());
        }
        rounds.get(round).add(value);
    }

    void clear() {
        rounds.clear();
    }

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    /** Over all rounds; the share is 0.5 for the median. */
    double percentile(double share) {
        return percentile(rounds.stream().flatMap(List::stream).toList(), share);
    }

    /** The medians of the rounds, for rounds that have values. */
    List<Double> medians() {
        return rounds.stream()
                .filter(round -> !round.isEmpty())
                .map(round -> percentile(round, 0.5))
                .toList();
    }

    static double percentile(List<Double> values, double share) {
        return values.stream()
                .sorted()
                .skip((long) (share * (values.size() - 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
