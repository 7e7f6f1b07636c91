package io.torii.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of all opponents: the first one is held against each of the others. */
final class Comparison {
    private final List<Opponent> opponents;
    private final Rounds rounds;

    Comparison(List<Opponent> opponents, Rounds rounds) {
        this.opponents = opponents;
        this.rounds = rounds;
    }

    List<String> head() {
        List<String> columns = new ArrayList<>(List.of("probe"));
        opponents.forEach(opponent -> columns.add(opponent.name()));
        opponents.stream()
                .skip(1)
                .forEach(other -> columns.add(opponents.get(0).name() + " is better than " + other.name() + " by"));
        columns.add("aim");
        return List.of(row(columns), "|" + "---|".repeat(columns.size()));
    }

    /** Median, and in brackets the 10th and 90th percentile; for a ratio, the least and the largest of a round. */
    String line(Metric metric) {
        List<String> cells = new ArrayList<>(List.of(metric.label()));
        opponents.forEach(opponent ->
                cells.add(rounds.hasFailed(metric, opponent) ? "failed" : value(metric, rounds.of(metric, opponent))));
        Samples first = rounds.of(metric, opponents.get(0));
        opponents.stream().skip(1).forEach(other -> cells.add(ratio(metric, first, rounds.of(metric, other))));
        cells.add(metric.aim());
        return row(cells);
    }

    private static String value(Metric metric, Samples samples) {
        if (samples.isEmpty()) {
            return "";
        }
        return "%s (%s to %s)"
                .formatted(
                        metric.unit().text(samples.percentile(0.5)),
                        metric.unit().text(samples.percentile(0.1)),
                        metric.unit().text(samples.percentile(0.9)));
    }

    private static String ratio(Metric metric, Samples first, Samples other) {
        if (first.isEmpty() || other.isEmpty() || metric.unit() == Metric.Unit.COUNT) {
            return "";
        }
        List<Double> byRound = new ArrayList<>();
        List<Double> mine = first.medians();
        List<Double> theirs = other.medians();
        for (int round = 0; round < mine.size(); round++) {
            byRound.add(metric.unit().better(mine.get(round), theirs.get(round)));
        }
        return String.format(
                Locale.ROOT,
                "**%.2f x** (%.2f to %.2f)",
                metric.unit().better(first.percentile(0.5), other.percentile(0.5)),
                Samples.percentile(byRound, 0),
                Samples.percentile(byRound, 1));
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }
}
