package io.torii.api.cluster;

/**
 * Some room on a cluster.
 *
 * @param memory bytes
 * @param cores virtual cores
 */
public record Resources(long memory, int cores) {
    public static final Resources NONE = new Resources(0, 0);

    /** What is left of these when those are used; never less than nothing. */
    public Resources minus(Resources used) {
        return new Resources(Math.max(0, memory - used.memory), Math.max(0, cores - used.cores));
    }

    /** As much as both have. */
    public Resources least(Resources other) {
        return new Resources(Math.min(memory, other.memory), Math.min(cores, other.cores));
    }
}
