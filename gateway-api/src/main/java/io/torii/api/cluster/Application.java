package io.torii.api.cluster;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;

/**
 * An engine as its cluster sees it.
 *
 * @param id the cluster's own name for it: an application id, a pod, a pid
 * @param alive false once it has ended
 * @param diagnostics why it ended, its root cause in one sentence; empty while it is alive or if nobody knows
 */
public record Application(LaunchTag tag, String id, boolean alive, String diagnostics) {
    public Application {
        requireNonNull(tag, "tag");
        requireNonNull(id, "id");
        requireNonNull(diagnostics, "diagnostics");
    }
}
