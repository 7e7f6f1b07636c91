package io.torii.api.cluster;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;

/**
 * An engine as its cluster sees it.
 *
 * @param id the cluster's own name for it: an application id, a pod, a pid
 * @param diagnostics why it ended or what it waits for, in one sentence; empty while it runs, or if nobody knows
 * @param trackingUrl the cluster's page about it; empty if there is none
 */
public record Application(LaunchTag tag, String id, State state, String diagnostics, String trackingUrl) {
    /** How far it has come. */
    public enum State {
        /** The cluster has it, but no room for it yet, or none that it may use. */
        WAITING,
        RUNNING,
        /** It has ended, well or not. */
        ENDED
    }

    public Application {
        requireNonNull(tag, "tag");
        requireNonNull(id, "id");
        requireNonNull(state, "state");
        requireNonNull(diagnostics, "diagnostics");
        requireNonNull(trackingUrl, "trackingUrl");
    }

    public static Application running(LaunchTag tag, String id) {
        return new Application(tag, id, State.RUNNING, "", "");
    }

    /** @param diagnostics its root cause; empty if nobody knows */
    public static Application ended(LaunchTag tag, String id, String diagnostics) {
        return new Application(tag, id, State.ENDED, diagnostics, "");
    }

    /** False once it has ended. */
    public boolean alive() {
        return state != State.ENDED;
    }
}
