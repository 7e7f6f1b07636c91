package io.torii.server.metrics;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every metric of the gateway's own; those of the JVM come beside them. No tag ever holds a user, a session or a statement. */
public enum Metric {
    SESSIONS_OPEN(Kind.GAUGE, "", "Open sessions, over all gateways of the store"),
    SESSIONS_KNOWN(Kind.GAUGE, "", "Sessions that this gateway has in its cache"),
    CONNECTIONS(Kind.GAUGE, "", "Connections of clients", "frontend"),
    LOGINS(
            Kind.COUNTER,
            "",
            "Passwords checked: admitted, refused, or undecided (the directory did not answer)",
            "outcome"),
    SUBMISSIONS(
            Kind.COUNTER,
            "",
            "Statements submitted, of sql or metadata, that were accepted or refused",
            "kind",
            "outcome"),
    STATEMENTS_OPEN(
            Kind.GAUGE,
            "",
            "Accepted here and not closed, by the state last seen: waiting (for an engine, or its turn there), running,"
                    + " ended (held until its client closes it)",
            "state"),
    STATEMENT_DURATION(
            Kind.TIMER, "", "From a statement's submission to its end, by the state in which it ended", "state"),
    STATEMENT_WAIT(Kind.TIMER, "", "From a statement's submission until its engine began"),
    RESULT_PAGES(Kind.COUNTER, "", "Pages asked for by clients: of rows, or of a statement's log", "content"),
    RESULT(
            Kind.COUNTER,
            "bytes",
            "Bytes of pages relayed to clients (the gateway does not count rows: it never decodes them)",
            "content"),
    ENGINES(Kind.GAUGE, "", "Engines that have called home and are alive, over all gateways of the store", "cluster"),
    ENGINES_AWAITED(Kind.GAUGE, "", "Engine keys for which this gateway looks for an engine or launches one now"),
    ENGINE_LAUNCH(
            Kind.TIMER,
            "",
            "From the lease of a launch of this gateway until its engine called home, or failed",
            "outcome"),
    CLUSTER_HEALTHY(Kind.GAUGE, "", "1 if new work may be placed on the cluster, else 0", "cluster"),
    CLUSTER_LOAD_AGE(Kind.GAUGE, "seconds", "Age of what is known of a cluster's load", "cluster"),
    STORE_TRANSACTION(
            Kind.TIMER,
            "",
            "Transactions of the store with their wait for a thread: done, refused (a limit, a conflict), or failed"
                    + " (it did not answer as it should)",
            "outcome"),
    MESSAGES_HELD(
            Kind.GAUGE, "bytes", "Of clients' messages that are being received or served, beyond 64 KiB a connection"),
    DIRECT_MEMORY_USED(Kind.GAUGE, "bytes", "Memory outside the heap that buffers take"),
    DIRECT_MEMORY_MAX(Kind.GAUGE, "bytes", "Memory outside the heap that Netty may allocate");

    /** How a metric behaves. */
    public enum Kind {
        GAUGE,
        COUNTER,
        /** A histogram of seconds. */
        TIMER
    }

    private final Kind kind;
    private final String unit;
    private final String description;
    private final List<String> tags;

    Metric(Kind kind, String unit, String description, String... tags) {
        this.kind = kind;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    public Kind kind() {
        return kind;
    }

    /** What a value counts; empty for things, and for timers, which are in seconds. */
    public String unit() {
        return unit;
    }

    public String description() {
        return description;
    }

    public List<String> tags() {
        return tags;
    }

    /** Micrometer's name. */
    public String meter() {
        return "torii." + name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The name that Prometheus sees; a timer's has {@code _bucket}, {@code _count}, {@code _sum} and {@code _max} after it. */
    public String prometheusName() {
        String base = Stream.of(meter().replace('.', '_'), kind == Kind.TIMER ? "seconds" : unit)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("_"));
        return kind == Kind.COUNTER ? base + "_total" : base;
    }
}
