package io.torii.engine.yarn.message;

/**
 * An application as the ResourceManager reports it.
 *
 * @param tag its launch's; empty if it has none of ours
 * @param state YARN's word: ACCEPTED, RUNNING, FAILED and so on
 * @param finalStatus what the application said of itself in the end
 * @param diagnostics YARN's words, in many lines
 */
public record ApplicationRow(
        String tag,
        String id,
        String user,
        String queue,
        String state,
        String finalStatus,
        String diagnostics,
        String trackingUrl) {
    /** Whether it has neither ended nor been killed. */
    public boolean alive() {
        return !state.equals("FINISHED") && !state.equals("FAILED") && !state.equals("KILLED");
    }

    /** Whether its driver has a container and has registered. */
    public boolean running() {
        return state.equals("RUNNING");
    }
}
