package io.torii.api.placement;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where work may run: clusters in the order in which to try them, or none, and the reasons for it, for people.
 *
 * @param clusters best first; empty is a refusal
 * @param reasons at least one sentence
 */
public record Placement(List<String> clusters, List<String> reasons) {
    public Placement {
        clusters = List.copyOf(clusters);
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a placement needs at least one reason");
        }
    }

    public static Placement on(String cluster, String reason) {
        return new Placement(List.of(requireNonNull(cluster, "cluster")), List.of(reason));
    }

    public static Placement refused(String reason) {
        return new Placement(List.of(), List.of(reason));
    }

    public boolean isRefused() {
        return clusters.isEmpty();
    }
}
