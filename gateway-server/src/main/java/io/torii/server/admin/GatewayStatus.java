package io.torii.server.admin;

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
        List<String> problems) {
    public GatewayStatus {
        ports = Map.copyOf(ports);
        connections = Map.copyOf(connections);
        statements = Map.copyOf(statements);
        sessions = List.copyOf(sessions);
        engines = List.copyOf(engines);
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
}
