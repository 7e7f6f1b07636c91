package io.torii.server.admin;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.QueueSnapshot;
import io.torii.api.cluster.Resources;
import java.util.List;
import java.util.Map;

/**
 * A gateway at one moment, as {@code /status} shows it to its administrator. Times are in milliseconds since 1970, sizes in
 * bytes.
 *
 * @param ports that are listened on, by what listens
 * @param connections of clients, by frontend
 * @param statements accepted here and not closed, by the state last seen: waiting, running, ended
 * @param openSessions over all gateways; -1 if the store does not say
 * @param knownSessions in this gateway's cache
 * @param sessions of these, those used last
 * @param engines over all gateways
 * @param clusters as they were when they were last asked
 * @param problems sentences: what could not be found out, and why the gateway is not ready
 */
public record GatewayStatus(
        long pid,
        String version,
        long startedAtMillis,
        boolean ready,
        Map<String, Integer> ports,
        Memory memory,
        int threads,
        Map<String, Integer> connections,
        Map<String, Long> statements,
        long openSessions,
        int knownSessions,
        List<SessionLine> sessions,
        List<EngineLine> engines,
        List<ClusterLine> clusters,
        List<String> problems) {
    public GatewayStatus {
        ports = Map.copyOf(ports);
        connections = Map.copyOf(connections);
        statements = Map.copyOf(statements);
        sessions = List.copyOf(sessions);
        engines = List.copyOf(engines);
        clusters = List.copyOf(clusters);
        problems = List.copyOf(problems);
    }

    /** Bytes. */
    public record Memory(long heapUsed, long heapMax, long directUsed, long directMax) {}

    /** @param engine its tag; empty if the session has none */
    public record SessionLine(
            String session,
            String user,
            String address,
            String frontend,
            long openedAtMillis,
            long usedAtMillis,
            String engine) {}

    /**
     * @param key who shares it
     * @param sessions of this gateway's cache that are bound to it
     */
    public record EngineLine(
            String engine,
            String key,
            String host,
            int port,
            String applicationId,
            String version,
            long registeredAtMillis,
            long sessions) {}

    /**
     * @param reason why no work is placed there; empty if it is
     * @param engines of these gateways that are alive
     * @param running anybody's applications that run
     * @param waiting anybody's applications that wait to be started
     */
    public record ClusterLine(
            String cluster,
            String reason,
            Resources total,
            Resources used,
            Resources pending,
            int engines,
            int running,
            int waiting,
            int unhealthyNodes,
            List<QueueSnapshot> queues,
            long takenAtMillis) {
        public ClusterLine {
            queues = List.copyOf(queues);
        }

        static ClusterLine of(ClusterSnapshot cluster) {
            return new ClusterLine(
                    cluster.cluster(),
                    cluster.reason(),
                    cluster.total(),
                    cluster.used(),
                    cluster.pending(),
                    cluster.engines(),
                    cluster.running(),
                    cluster.waiting(),
                    cluster.unhealthyNodes(),
                    cluster.queues(),
                    cluster.takenAt().toEpochMilli());
        }
    }
}
