package io.torii.api.placement;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Where work may run: clusters in the order in which to try them, or none, and the reasons for it, for people.
 *
 * @param clusters best first; empty is a refusal
 * @param shared of a refusal: a cluster that takes nothing new, but an engine that runs there already may be used
 * @param reasons at least one sentence
 */
public record Placement(List<String> clusters, Optional<String> shared, List<String> reasons) {
    public Placement {
        clusters = List.copyOf(clusters);
        reasons = List.copyOf(reasons);
        requireNonNull(shared, "shared");
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a placement needs at least one reason");
        }
    }

    public static Placement on(String cluster, String reason) {
        return new Placement(List.of(requireNonNull(cluster, "cluster")), Optional.empty(), List.of(reason));
    }

    public static Placement refused(String reason) {
        return new Placement(List.of(), Optional.empty(), List.of(reason));
    }

    /** A refusal, unless an engine that could be shared runs on this cluster. */
    public static Placement sharedOnly(String cluster, String reason) {
        return new Placement(List.of(), Optional.of(cluster), List.of(reason));
    }

    public boolean isRefused() {
        return clusters.isEmpty();
    }
}
