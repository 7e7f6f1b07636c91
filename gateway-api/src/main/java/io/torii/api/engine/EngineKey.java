package io.torii.api.engine;

import static java.util.Objects.requireNonNull;

/**
 * Who shares an engine: two sessions with equal keys get the same one.
 *
 * @param cluster the cluster's configured name
 * @param engineType {@code spark}; later {@code flink}
 * @param profile the cluster's profile that engines are made by; empty for the cluster's own
 * @param shareLevel whose sessions share
 * @param identity session id, user, group or server name, as the share level has it
 * @param queue the cluster's queue; empty for its default
 * @param subdomain a label by which users ask for separate engines; {@code default} if they do not
 * @param fingerprint digest of the listed launch settings; empty if none is set
 */
public record EngineKey(
        String cluster,
        String engineType,
        String profile,
        ShareLevel shareLevel,
        String identity,
        String queue,
        String subdomain,
        String fingerprint) {
    public EngineKey {
        requireNonNull(cluster, "cluster");
        requireNonNull(engineType, "engineType");
        requireNonNull(profile, "profile");
        requireNonNull(shareLevel, "shareLevel");
        requireNonNull(identity, "identity");
        requireNonNull(queue, "queue");
        requireNonNull(subdomain, "subdomain");
        requireNonNull(fingerprint, "fingerprint");
    }

    /** For engines of the cluster's own profile. */
    public EngineKey(
            String cluster,
            String engineType,
            ShareLevel shareLevel,
            String identity,
            String queue,
            String subdomain,
            String fingerprint) {
        this(cluster, engineType, "", shareLevel, identity, queue, subdomain, fingerprint);
    }

    /** The user that such an engine runs as, if it is launched for a session of that user. */
    public String owner(String requestedBy) {
        return shareLevel == ShareLevel.CONNECTION ? requestedBy : identity;
    }

    @Override
    public String toString() {
        return String.join(
                "/",
                cluster,
                profile.isEmpty() ? engineType : engineType + ":" + profile,
                shareLevel.label(),
                identity,
                queue.isEmpty() ? "-" : queue,
                subdomain,
                fingerprint.isEmpty() ? "-" : fingerprint);
    }
}
