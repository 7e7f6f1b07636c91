package io.torii.mini;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a {@link MiniHadoop} looks like. Immutable.
 *
 * @param nodes how many node managers
 * @param nodeMemory mebibytes for containers on each
 * @param nodeCores virtual cores for containers on each
 * @param core further entries of {@code core-site.xml}
 * @param hdfs further entries of {@code hdfs-site.xml}
 * @param yarn further entries of {@code yarn-site.xml}
 * @param queues further entries of {@code capacity-scheduler.xml}
 * @param hive further entries of {@code hive-site.xml}, of clients and of the metastore
 * @param environment further variables of the daemons
 * @param metastore a Spark home whose jars a Hive metastore is started from; empty for none
 * @param pair whether there are two resource managers, and a ZooKeeper in which they agree on who is active
 * @param ticketLifetime how long a ticket of Kerberos is good for; empty for a Hadoop that believes what it is told
 */
public record MiniHadoopShape(
        int nodes,
        int nodeMemory,
        int nodeCores,
        Map<String, String> core,
        Map<String, String> hdfs,
        Map<String, String> yarn,
        Map<String, String> queues,
        Map<String, String> hive,
        Map<String, String> environment,
        Optional<Path> metastore,
        boolean pair,
        Optional<Duration> ticketLifetime) {
    public MiniHadoopShape {
        requireNonNull(core, "core");
        core = Map.copyOf(core);
        hdfs = Map.copyOf(hdfs);
        yarn = Map.copyOf(yarn);
        queues = Map.copyOf(queues);
        hive = Map.copyOf(hive);
        environment = Map.copyOf(environment);
        requireNonNull(ticketLifetime, "ticketLifetime");
        if (nodes < 0 || nodeMemory < 64 || nodeCores < 1) {
            throw new IllegalArgumentException(nodes + " nodes of " + nodeMemory + " MiB and " + nodeCores
                    + " cores (expected: not negative, at least 64, at least 1)");
        }
    }

    /** One node that has room for two small engines. */
    public static MiniHadoopShape small() {
        return new MiniHadoopShape(
                1,
                6144,
                16,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    public MiniHadoopShape withNodes(int count, int memory, int cores) {
        return new MiniHadoopShape(
                count, memory, cores, core, hdfs, yarn, queues, hive, environment, metastore, pair, ticketLifetime);
    }

    /** With two resource managers, of which the one that stands by takes over some ten seconds after the other is lost. */
    public MiniHadoopShape withPair() {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                yarn,
                queues,
                hive,
                environment,
                metastore,
                true,
                ticketLifetime);
    }

    /** With Kerberos, whose tickets last a day. */
    public MiniHadoopShape secure() {
        return secure(Duration.ofDays(1));
    }

    /** With Kerberos and tickets that last so long. */
    public MiniHadoopShape secure(Duration tickets) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                yarn,
                queues,
                hive,
                environment,
                metastore,
                pair,
                Optional.of(tickets));
    }

    /** With this entry of {@code core-site.xml}, in place of one that is there by itself. */
    public MiniHadoopShape withCore(String name, String value) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                with(core, name, value),
                hdfs,
                yarn,
                queues,
                hive,
                environment,
                metastore,
                pair,
                ticketLifetime);
    }

    /** With this entry of {@code hdfs-site.xml}, in place of one that is there by itself. */
    public MiniHadoopShape withHdfs(String name, String value) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                with(hdfs, name, value),
                yarn,
                queues,
                hive,
                environment,
                metastore,
                pair,
                ticketLifetime);
    }

    /** With this entry of {@code yarn-site.xml}. */
    public MiniHadoopShape withYarn(String name, String value) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                with(yarn, name, value),
                queues,
                hive,
                environment,
                metastore,
                pair,
                ticketLifetime);
    }

    /** With this entry of {@code capacity-scheduler.xml}. */
    public MiniHadoopShape withQueues(String name, String value) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                yarn,
                with(queues, name, value),
                hive,
                environment,
                metastore,
                pair,
                ticketLifetime);
    }

    /** With this entry of {@code hive-site.xml}; only with a metastore. */
    public MiniHadoopShape withHive(String name, String value) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                yarn,
                queues,
                with(hive, name, value),
                environment,
                metastore,
                pair,
                ticketLifetime);
    }

    /** With a Hive metastore, that clients find by their {@code hive-site.xml}. */
    public MiniHadoopShape withMetastore(Path sparkHome) {
        return new MiniHadoopShape(
                nodes,
                nodeMemory,
                nodeCores,
                core,
                hdfs,
                yarn,
                queues,
                hive,
                environment,
                Optional.of(sparkHome),
                pair,
                ticketLifetime);
    }

    private static Map<String, String> with(Map<String, String> entries, String name, String value) {
        Map<String, String> more = new TreeMap<>(entries);
        more.put(name, value);
        return more;
    }
}
