package io.torii.server.main;

import io.torii.api.cluster.QueueSnapshot;
import io.torii.server.admin.GatewayStatus;
import io.torii.server.admin.GatewayStatus.ClusterLine;
import io.torii.server.admin.GatewayStatus.EngineLine;
import io.torii.server.admin.GatewayStatus.SessionLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A gateway's status for people. */
final class StatusText {
    private static final int SESSIONS_SHOWN = 20;

    private StatusText() {}

    static List<String> of(GatewayStatus status, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add((status.ready() ? "Ready" : "Not ready") + ", up for " + since(status.startedAtMillis(), now));
        status.problems().forEach(problem -> lines.add("  " + problem));
        lines.add("Memory: heap "
                + of(status.memory().heapUsed(), status.memory().heapMax()) + ", direct "
                + of(status.memory().directUsed(), status.memory().directMax()) + "; " + status.threads() + " threads");
        lines.add("Connections: "
                + new TreeMap<>(status.connections())
                        .entrySet().stream()
                                .map(entry -> entry.getValue() + " " + entry.getKey())
                                .collect(Collectors.joining(", ")));
        lines.add("Statements: " + status.statements().getOrDefault("waiting", 0L) + " waiting, "
                + status.statements().getOrDefault("running", 0L) + " running, "
                + status.statements().getOrDefault("ended", 0L) + " ended but not closed");
        lines.add("Clusters: " + status.clusters().size());
        for (ClusterLine cluster : status.clusters()) {
            lines.add("  " + line(cluster, now));
            cluster.queues().stream().filter(StatusText::isInUse).forEach(queue -> lines.add("    " + line(queue)));
        }
        lines.add("Engines: " + status.engines().size());
        status.engines().forEach(engine -> lines.add("  " + line(engine, now)));
        lines.add("Sessions: " + (status.openSessions() < 0 ? "unknown" : status.openSessions())
                + " over all gateways, " + status.knownSessions() + " known here");
        status.sessions().stream().limit(SESSIONS_SHOWN).forEach(session -> lines.add("  " + line(session, now)));
        if (status.sessions().size() > SESSIONS_SHOWN) {
            lines.add("  and others; --json shows up to 1,000");
        }
        return lines;
    }

    private static String line(ClusterLine cluster, Instant now) {
        if (!cluster.reason().isEmpty()) {
            return cluster.cluster() + "  gets no work: " + cluster.reason();
        }
        return String.join(
                "  ",
                cluster.cluster(),
                of(cluster.used().memory(), cluster.total().memory()),
                cluster.used().cores() + " of " + cluster.total().cores() + " cores",
                cluster.engines() + " engines of ours",
                cluster.running() + " applications run, " + cluster.waiting() + " wait"
                        + (cluster.pending().memory() > 0
                                ? " for " + (cluster.pending().memory() >> 20) + " MiB"
                                : ""),
                cluster.unhealthyNodes() + " unhealthy nodes",
                "as of " + since(cluster.takenAtMillis(), now) + " ago");
    }

    private static boolean isInUse(QueueSnapshot queue) {
        return queue.running() > 0 || queue.pending() > 0 || !queue.open();
    }

    private static String line(QueueSnapshot queue) {
        return String.join(
                "  ",
                queue.name() + (queue.open() ? "" : " (closed)"),
                of(queue.used().memory(), queue.limit().memory()),
                queue.used().cores() + " of " + queue.limit().cores() + " cores",
                "room for drivers: " + (queue.driverHeadRoom().memory() >> 20) + " MiB",
                queue.running() + " run, " + queue.pending() + " wait");
    }

    private static String line(EngineLine engine, Instant now) {
        return String.join(
                "  ",
                engine.key(),
                engine.host() + ":" + engine.port(),
                "up " + since(engine.registeredAtMillis(), now),
                engine.sessions() + " sessions",
                engine.version(),
                "application " + engine.applicationId(),
                engine.engine());
    }

    private static String line(SessionLine session, Instant now) {
        return String.join(
                "  ",
                session.session(),
                session.user(),
                session.address(),
                session.frontend(),
                "open " + since(session.openedAtMillis(), now),
                "used " + since(session.usedAtMillis(), now) + " ago",
                session.engine().isEmpty() ? "no engine" : session.engine());
    }

    private static String of(long used, long max) {
        return (used >> 20) + " of " + (max >> 20) + " MiB";
    }

    private static String since(long millis, Instant now) {
        Duration time = Duration.between(Instant.ofEpochMilli(millis), now);
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400 ? seconds / 3_600 + "h" + seconds % 3_600 / 60 + "m" : seconds / 86_400 + "d";
    }
}
