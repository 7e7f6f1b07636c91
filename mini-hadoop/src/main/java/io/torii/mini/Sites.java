package io.torii.mini;

import io.torii.mini.MiniHadoopShape.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The site files of a mini Hadoop: one directory for clients, one for the masters, one for each node. */
final class Sites {
    private static final String HOST = "localhost";

    private final Path directory;
    private final MiniHadoopShape shape;
    private final int[] ports = freePorts(5 + 2 * ResourceManagers.PORTS);
    private final ResourceManagers managers;
    private final Optional<Kerberos> kerberos;

    Sites(Path directory, MiniHadoopShape shape) {
        this.directory = directory;
        this.shape = shape;
        this.managers = new ResourceManagers(
                HOST,
                IntStream.of(ports)
                        .skip(5)
                        .limit((shape.pair() ? 2 : 1) * ResourceManagers.PORTS)
                        .boxed()
                        .toList());
        this.kerberos =
                shape.ticketLifetime().map(lifetime -> new Kerberos(directory.resolve("kerberos"), ports[3], lifetime));
    }

    Optional<Kerberos> kerberos() {
        return kerberos;
    }

    Path client() {
        return directory.resolve("conf");
    }

    Path server() {
        return directory.resolve("conf-masters");
    }

    Path node(int index) {
        return directory.resolve("conf-node-" + index);
    }

    /** Where nodes keep their containers. */
    List<Path> nodeDirectories() {
        List<Path> directories = new ArrayList<>();
        for (int i = 0; i < shape.nodes(); i++) {
            directories.add(directory.resolve("node-" + i));
        }
        return directories;
    }

    URI fileSystem() {
        return URI.create("hdfs://" + HOST + ":" + ports[0]);
    }

    URI fileSystemWeb() {
        return URI.create("http://" + HOST + ":" + ports[1]);
    }

    ResourceManagers managers() {
        return managers;
    }

    int metastorePort() {
        return ports[2];
    }

    int zooKeeperPort() {
        return ports[4];
    }

    /** Of the metastore itself. */
    Path metastore() {
        return directory.resolve("conf-metastore");
    }

    void write() throws IOException {
        if (kerberos.isPresent()) {
            kerberos.get().write();
        }
        write(
                client(),
                Map.of(
                        "core-site.xml", core(),
                        "hdfs-site.xml", client(hdfs()),
                        "yarn-site.xml", client(yarn()),
                        "mapred-site.xml", Map.of())); // the shell insists on one
        if (shape.metastore().isPresent()) {
            write(client(), Map.of("hive-site.xml", hive()));
            write(
                    metastore(),
                    Map.of("core-site.xml", core(), "hdfs-site.xml", hdfs(), "hive-site.xml", metastoreSite()));
        }
        write(
                server(),
                Map.of(
                        "core-site.xml", core(),
                        "hdfs-site.xml", hdfs(),
                        "yarn-site.xml", yarn(),
                        "capacity-scheduler.xml", queues()));
        for (int i = 0; i < shape.nodes(); i++) {
            write(node(i), Map.of("core-site.xml", core(), "hdfs-site.xml", hdfs(), "yarn-site.xml", nodeSite(i)));
        }
    }

    private Map<String, String> core() {
        String self = System.getProperty("user.name");
        Map<String, String> site = new TreeMap<>();
        site.put("fs.defaultFS", fileSystem().toString());
        site.put("hadoop.proxyuser." + self + ".hosts", "*");
        site.put("hadoop.proxyuser." + self + ".groups", "*");
        if (kerberos.isPresent()) {
            site.put("hadoop.security.authentication", "kerberos");
            site.put("hadoop.security.authorization", "true");
            for (String service : List.of("torii", "hive")) {
                site.put("hadoop.proxyuser." + service + ".hosts", "*");
                site.put("hadoop.proxyuser." + service + ".groups", "*");
            }
        }
        site.putAll(shape.entriesOf(Site.CORE));
        return site;
    }

    private Map<String, String> hdfs() {
        Map<String, String> site = new TreeMap<>();
        site.put("dfs.replication", "1");
        site.put("dfs.namenode.fs-limits.min-block-size", "1024");
        kerberos.ifPresent(realm -> {
            for (String daemon : List.of("dfs.namenode", "dfs.datanode")) {
                site.put(daemon + ".kerberos.principal", realm.principal("hdfs"));
                site.put(daemon + ".keytab.file", realm.keytab("hdfs").toString());
            }
            site.put("dfs.web.authentication.kerberos.principal", realm.principal("HTTP"));
            site.put(
                    "dfs.web.authentication.kerberos.keytab",
                    realm.keytab("HTTP").toString());
            site.put("dfs.block.access.token.enable", "true");
            site.put("dfs.data.transfer.protection", "integrity");
            // else a data node wants HTTPS besides; blocks are protected all the same
            site.put("ignore.secure.ports.for.testing", "true");
        });
        site.putAll(shape.entriesOf(Site.HDFS));
        return site;
    }

    /** What a client needs of it, and no more: as an administrator would hand it out. */
    private Map<String, String> client(Map<String, String> server) {
        Map<String, String> site = new TreeMap<>();
        server.forEach((name, value) -> {
            if (!name.startsWith("yarn.scheduler.")
                    && !name.startsWith("yarn.nodemanager.delete")
                    && !name.contains("keytab")) {
                site.put(name, value);
            }
        });
        return site;
    }

    private Map<String, String> yarn() {
        Map<String, String> site = new TreeMap<>();
        site.putAll(managers.site());
        site.put(
                "yarn.resourcemanager.fs.state-store.uri",
                directory.resolve("resourcemanager/state").toUri().toString());
        if (shape.pair()) {
            site.put("hadoop.zk.address", HOST + ":" + zooKeeperPort());
        }
        site.put("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "200");
        site.put("yarn.resourcemanager.connect.retry-interval.ms", "1000");
        site.put("yarn.scheduler.minimum-allocation-mb", "64");
        site.put("yarn.scheduler.maximum-allocation-mb", Integer.toString(shape.nodeMemory()));
        site.put("yarn.scheduler.include-port-in-node-name", "true");
        site.put("yarn.log-aggregation-enable", "true");
        site.put("yarn.nodemanager.remote-app-log-dir", "/tmp/logs");
        kerberos.ifPresent(realm -> {
            for (String daemon : List.of("yarn.resourcemanager", "yarn.nodemanager")) {
                site.put(daemon + ".principal", realm.principal("yarn"));
                site.put(daemon + ".keytab", realm.keytab("yarn").toString());
            }
        });
        site.putAll(shape.entriesOf(Site.YARN));
        return site;
    }

    private Map<String, String> nodeSite(int index) {
        Path own = directory.resolve("node-" + index);
        Map<String, String> site = new TreeMap<>(yarn());
        site.put("yarn.nodemanager.hostname", HOST);
        site.put("yarn.nodemanager.address", HOST + ":0");
        site.put("yarn.nodemanager.localizer.address", HOST + ":0");
        site.put("yarn.nodemanager.collector-service.address", HOST + ":0");
        site.put("yarn.nodemanager.webapp.address", HOST + ":0");
        site.put("yarn.nodemanager.local-dirs", own.resolve("local").toString());
        site.put("yarn.nodemanager.log-dirs", own.resolve("logs").toString());
        site.put("yarn.nodemanager.resource.memory-mb", Integer.toString(shape.nodeMemory()));
        site.put("yarn.nodemanager.resource.cpu-vcores", Integer.toString(shape.nodeCores()));
        site.put("yarn.nodemanager.disk-health-checker.enable", "false");
        site.put("yarn.nodemanager.vmem-check-enabled", "false");
        site.put("yarn.nodemanager.pmem-check-enabled", "false");
        // where a real node has an /etc/krb5.conf
        kerberos.ifPresent(realm -> realm.environment()
                .forEach((name, value) -> site.put("yarn.nodemanager.admin-env", name + "=" + value)));
        site.putAll(shape.entriesOf(Site.YARN));
        return site;
    }

    private Map<String, String> hive() {
        Map<String, String> site = new TreeMap<>();
        site.put("hive.metastore.uris", "thrift://" + HOST + ":" + metastorePort());
        site.put("hive.metastore.warehouse.dir", fileSystem() + "/warehouse");
        kerberos.ifPresent(realm -> {
            site.put("hive.metastore.sasl.enabled", "true");
            site.put("hive.metastore.kerberos.principal", realm.principal("hive"));
        });
        site.putAll(shape.entriesOf(Site.HIVE));
        return site;
    }

    private Map<String, String> metastoreSite() {
        Map<String, String> site = new TreeMap<>(hive());
        site.remove("hive.metastore.uris");
        site.put(
                "javax.jdo.option.ConnectionURL",
                "jdbc:derby:;databaseName=" + directory.resolve("metastore/catalog") + ";create=true");
        site.put("datanucleus.schema.autoCreateAll", "true");
        site.put("hive.metastore.schema.verification", "false");
        site.put("hive.async.log.enabled", "false");
        kerberos.ifPresent(realm -> site.put(
                "hive.metastore.kerberos.keytab.file", realm.keytab("hive").toString()));
        return site;
    }

    private Map<String, String> queues() {
        String root = "yarn.scheduler.capacity.root.";
        Map<String, String> site = new TreeMap<>();
        site.put(root + "queues", "default,etl");
        site.put(root + "default.capacity", "70");
        site.put(root + "etl.capacity", "30");
        site.put(root + "etl.maximum-capacity", "100");
        site.put("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
        // else a queue's first user may have no more than its capacity
        site.put(root + "default.user-limit-factor", "10");
        site.put(root + "etl.user-limit-factor", "10");
        site.putAll(shape.entriesOf(Site.QUEUES));
        return site;
    }

    private void write(Path conf, Map<String, Map<String, String>> files) throws IOException {
        Files.createDirectories(conf);
        for (Map.Entry<String, Map<String, String>> file : files.entrySet()) {
            StringBuilder text = new StringBuilder("<?xml version=\"1.0\"?>\n<configuration>\n");
            new TreeMap<>(file.getValue()).forEach((name, value) -> text.append("  <property><name>")
                    .append(escaped(name))
                    .append("</name><value>")
                    .append(escaped(value))
                    .append("</value></property>\n"));
            Files.writeString(conf.resolve(file.getKey()), text.append("</configuration>\n"));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Ports that nobody has now: a daemon that is started again must find its own. */
    private static int[] freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return ports;
        } catch (IOException none) {
            throw new java.io.UncheckedIOException(none);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException harmless) {
                    continue;
                }
            }
        }
    }
}
