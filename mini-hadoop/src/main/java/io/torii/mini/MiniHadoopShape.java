package io.torii.mini;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a {@link MiniHadoop} looks like. Immutable.
 *
 * @param nodes how many node managers
 * @param nodeMemory mebibytes for containers on each
 * @param nodeCores virtual cores for containers on each
 * @param entries further entries of its site files, in place of those that are there by themselves
 * @param metastore a Spark home whose jars a Hive metastore is started from; empty for none
 * @param pair whether there are two resource managers, and a ZooKeeper in which they agree on who is active
 * @param ticketLifetime how long a ticket of Kerberos is good for; empty for a Hadoop that believes what it is told
 */
public record MiniHadoopShape(
        int nodes,
        int nodeMemory,
        int nodeCores,
        Map<Site, Map<String, String>> entries,
        Optional<Path> metastore,
        boolean pair,
        Optional<Duration> ticketLifetime) {
    /** Where entries are. */
    public enum Site {
        /** {@code core-site.xml} */
        CORE,
        /** {@code hdfs-site.xml} */
        HDFS,
        /** {@code yarn-site.xml} */
        YARN,
        /** {@code capacity-scheduler.xml} */
        QUEUES,
        /** {@code hive-site.xml}, of clients and of the metastore */
        HIVE
    }

    public MiniHadoopShape {
        entries = Map.copyOf(entries);
        requireNonNull(metastore, "metastore");
        requireNonNull(ticketLifetime, "ticketLifetime");
        if (nodes < 0 || nodeMemory < 64 || nodeCores < 1) {
            throw new IllegalArgumentException(nodes + " nodes of " + nodeMemory + " MiB and " + nodeCores
                    + " cores (expected: not negative, at least 64, at least 1)");
        }
    }

    /** One node that has room for two small engines. */
    public static MiniHadoopShape small() {
        return new MiniHadoopShape(1, 6144, 16, Map.of(), Optional.empty(), false, Optional.empty());
    }

    public MiniHadoopShape withNodes(int count, int memory, int cores) {
        return new MiniHadoopShape(count, memory, cores, entries, metastore, pair, ticketLifetime);
    }

    /** With Kerberos, whose tickets last a day. */
    public MiniHadoopShape secure() {
        return secure(Duration.ofDays(1));
    }

    /** With Kerberos and tickets that last so long. */
    public MiniHadoopShape secure(Duration tickets) {
        return new MiniHadoopShape(nodes, nodeMemory, nodeCores, entries, metastore, pair, Optional.of(tickets));
    }

    /** With two resource managers, of which the one that stands by takes over some ten seconds after the other is lost. */
    public MiniHadoopShape withPair() {
        return new MiniHadoopShape(nodes, nodeMemory, nodeCores, entries, metastore, true, ticketLifetime);
    }

    /** With a Hive metastore from the jars of this Spark home. */
    public MiniHadoopShape withMetastore(Path sparkHome) {
        return new MiniHadoopShape(nodes, nodeMemory, nodeCores, entries, Optional.of(sparkHome), pair, ticketLifetime);
    }

    /** With this entry of {@code core-site.xml}. */
    public MiniHadoopShape withCore(String name, String value) {
        return with(Site.CORE, name, value);
    }

    /** With this entry of {@code hdfs-site.xml}. */
    public MiniHadoopShape withHdfs(String name, String value) {
        return with(Site.HDFS, name, value);
    }

    /** With this entry of {@code yarn-site.xml}. */
    public MiniHadoopShape withYarn(String name, String value) {
        return with(Site.YARN, name, value);
    }

    /** With this entry of {@code capacity-scheduler.xml}. */
    public MiniHadoopShape withQueues(String name, String value) {
        return with(Site.QUEUES, name, value);
    }

    /** With this entry of {@code hive-site.xml}. */
    public MiniHadoopShape withHive(String name, String value) {
        return with(Site.HIVE, name, value);
    }

    /** The further entries of this file. */
    Map<String, String> entriesOf(Site site) {
        return entries.getOrDefault(site, Map.of());
    }

    private MiniHadoopShape with(Site site, String name, String value) {
        Map<String, String> more = new TreeMap<>(entriesOf(site));
        more.put(name, value);
        Map<Site, Map<String, String>> all = new EnumMap<>(Site.class);
        all.putAll(entries);
        all.put(site, Map.copyOf(more));
        return new MiniHadoopShape(nodes, nodeMemory, nodeCores, all, metastore, pair, ticketLifetime);
    }
}
