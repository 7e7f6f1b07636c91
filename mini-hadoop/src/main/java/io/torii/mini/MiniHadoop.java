package io.torii.mini;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Hadoop cluster on this machine: a name node with a data node, a resource manager and node managers, each a process of
 * its own, so that each can be killed and started again. Everything it keeps is in one directory. One thread at a time.
 */
public final class MiniHadoop implements AutoCloseable {
    /** What an administrator makes in a new file system: homes and scratch space that everybody may create in. */
    private static final List<String> DIRECTORIES = List.of("/user", "/tmp", "/warehouse");

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final MiniHadoopShape shape;
    private final Path directory;
    private final Sites sites;
    private final Pages pages = new Pages();
    private final Map<String, Daemon> daemons = new TreeMap<>();
    private String frozen;
    private final FileShell shell;

    private MiniHadoop(Path directory, MiniHadoopShape shape) {
        this.directory = directory.toAbsolutePath().normalize();
        this.shape = shape;
        this.sites = new Sites(this.directory, shape);
        this.shell = new FileShell(this.directory.resolve("shell"), sites.client(), sites.kerberos());
    }

    /**
     * Starts all daemons, and waits until the node managers have registered.
     *
     * @param directory an empty one
     */
    public static MiniHadoop start(Path directory, MiniHadoopShape shape) {
        MiniHadoop hadoop = new MiniHadoop(directory, shape);
        try {
            hadoop.sites.write();
            hadoop.startDaemons();
            return hadoop;
        } catch (IOException | RuntimeException problem) {
            hadoop.close();
            throw problem instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) problem;
        }
    }

    /** What clients call {@code HADOOP_CONF_DIR}. */
    public Path configuration() {
        return sites.client();
    }

    /** {@code hdfs://host:port} */
    public URI fileSystem() {
        return sites.fileSystem();
    }

    /** The web address of the resource manager; of a pair, of the active one. Fails while none answers. */
    public URI resourceManager() {
        return sites.managers().active().orElseThrow(() -> new IllegalStateException("no resource manager is active"));
    }

    /** {@code thrift://host:port}; only with a metastore. */
    public URI metastore() {
        return URI.create("thrift://localhost:" + sites.metastorePort());
    }

    /** Ends the resource manager as a crash would, of a pair the active one; what runs on the nodes goes on. */
    public void killResourceManager() {
        daemons.get(sites.managers().activeId().orElseThrow()).kill();
    }

    /** Starts the resource manager that was killed, on its old ports; returns once one answers, with what it had stored. */
    public void startResourceManager() {
        sites.managers().ids().stream()
                .map(daemons::get)
                .filter(manager -> !manager.isAlive())
                .forEach(Daemon::start);
        await("the resource manager answers", () -> activeNodes() >= 0);
    }

    /** Lets the resource manager, of a pair the active one, take connections and not answer, until it is thawed. */
    public void freezeResourceManager() throws IOException {
        frozen = sites.managers().activeId().orElseThrow();
        daemons.get(frozen).signal("STOP");
    }

    /** The opposite. */
    public void thawResourceManager() throws IOException {
        daemons.get(frozen).signal("CONT");
    }

    /** Lets the file system take connections and not answer, until it is thawed. */
    public void freezeFileSystem() throws IOException {
        daemons.get("hdfs").signal("STOP");
    }

    /** The opposite. */
    public void thawFileSystem() throws IOException {
        daemons.get("hdfs").signal("CONT");
    }

    /** Ends one node manager as a crash would; its containers go on until the resource manager misses it. */
    public void killNodeManager(int index) {
        daemons.get("nodemanager-" + index).kill();
    }

    /** This user's applications that have not ended, as the resource manager lists them. */
    public List<String> applicationsOf(String user) {
        return sites.managers().applicationsOf(user);
    }

    /** The tags of an application. */
    public List<String> tagsOf(String application) {
        return sites.managers().tagsOf(application);
    }

    /** When an application has ended, as the resource manager says; empty while it runs. */
    public Optional<Instant> endOf(String application) {
        long millis = sites.managers().finishedMillis(application);
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Submits an application with these tags, that does nothing, as anybody who reaches the web service can. */
    public void submitWithTags(List<String> tags) {
        String id = sites.managers().submit(tags);
        await("the application is there", () -> !tagsOf(id).isEmpty());
    }

    /** Kills an application as an administrator does. */
    public void killApplication(String id) throws IOException {
        run("org.apache.hadoop.yarn.client.cli.ApplicationCLI", "application", "-kill", id);
    }

    /** The process of this application's driver, once it has one. */
    public List<ProcessHandle> drivers(String application) {
        return Containers.find(List.of("spark.deploy.yarn.ApplicationMaster", application));
    }

    /** The processes of this application's executors. */
    public List<ProcessHandle> executors(String application) {
        return Containers.find(List.of("YarnCoarseGrainedExecutorBackend", application));
    }

    /** How many nodes the resource manager counts as active; negative if it does not answer. */
    public int activeNodes() {
        return sites.managers().activeNodes();
    }

    /** Its realm, if it is secure. */
    public Optional<Kerberos> kerberos() {
        return sites.kerberos();
    }

    /** Lets the KDC take what is sent to it and not answer. */
    public void freezeKdc() throws IOException {
        daemons.get("kdc").signal("STOP");
    }

    /** Ends the KDC as a crash would; tickets that are there stay good. */
    public void killKdc() {
        daemons.get("kdc").kill();
    }

    /** What {@code hdfs dfs} prints, run as the file system's administrator. Takes seconds. */
    public String shell(String... arguments) {
        try {
            return shell.run(List.of(arguments));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What {@code hdfs dfs} prints for whoever has the tokens in this file, and nothing else. Takes seconds. */
    public String shellWith(Path tokens, String... arguments) {
        try {
            return shell.run(tokens, List.of(arguments));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends all daemons, the nodes first. */
    @Override
    public void close() {
        List<Daemon> ending = new ArrayList<>(daemons.values());
        ending.forEach(Daemon::kill);
        Containers.endAll(sites.nodeDirectories());
    }

    private void startDaemons() throws IOException {
        if (sites.kerberos().isPresent()) {
            Kerberos realm = sites.kerberos().get();
            daemon("kdc", Kerberos.MAIN, realm.arguments(), sites.server()).start();
            await("the KDC has written the keytabs", realm::isReady);
        }
        Daemon hdfs = daemon(
                "hdfs",
                "org.apache.hadoop.test.MiniDFSClusterManager",
                List.of(
                        "-format",
                        "-datanodes",
                        "1",
                        "-nnport",
                        Integer.toString(sites.fileSystem().getPort()),
                        "-httpport",
                        Integer.toString(sites.fileSystemWeb().getPort())),
                sites.server());
        hdfs.start();
        if (shape.pair()) {
            daemon(
                            "zookeeper",
                            "org.apache.zookeeper.server.ZooKeeperServerMain",
                            List.of(
                                    Integer.toString(sites.zooKeeperPort()),
                                    directory.resolve("zookeeper/state").toString()),
                            sites.server())
                    .start();
            await("ZooKeeper listens", () -> listens(sites.zooKeeperPort()));
        }
        for (String id : sites.managers().ids()) {
            daemon(
                            id,
                            "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager",
                            sites.managers().arguments(id),
                            sites.server())
                    .start();
        }
        Optional<Daemon> metastore = shape.metastore().map(this::metastore);
        metastore.ifPresent(Daemon::start);
        for (int i = 0; i < shape.nodes(); i++) {
            daemon(
                            "nodemanager-" + i,
                            "org.apache.hadoop.yarn.server.nodemanager.NodeManager",
                            List.of(),
                            sites.node(i))
                    .start();
        }
        await("the file system has its directories", this::hasDirectories);
        await("the nodes have registered", () -> activeNodes() >= shape.nodes());
        if (metastore.isPresent()) {
            await("the metastore listens", () -> listens(sites.metastorePort()));
        }
    }

    private Daemon metastore(Path sparkHome) {
        Daemon metastore = new Daemon(
                "io.torii.mini.daemon.MetastoreMain",
                List.of("-p", Integer.toString(sites.metastorePort())),
                sparkHome.toAbsolutePath().resolve("jars") + "/*:" + Daemon.own(),
                sites.metastore(),
                directory.resolve("metastore"),
                environment());
        daemons.put("metastore", metastore);
        return metastore;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), (int) PAUSE.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Runs one of Hadoop's own commands to its end. */
    private void run(String main, String... arguments) throws IOException {
        Daemon command = new Daemon(
                main, List.of(arguments), Daemon.hadoop(), sites.client(), directory.resolve("commands"), Map.of());
        command.start();
        command.awaitEnd();
    }

    private Daemon daemon(String name, String main, List<String> arguments, Path configuration) throws IOException {
        Daemon daemon =
                new Daemon(main, arguments, Daemon.hadoop(), configuration, directory.resolve(name), environment());
        daemons.put(name, daemon);
        return daemon;
    }

    private Map<String, String> environment() {
        return sites.kerberos().map(Kerberos::environment).orElseGet(Map::of);
    }

    /** What an administrator makes in a new file system: homes and scratch space that everybody may create in. */
    private boolean hasDirectories() {
        return DIRECTORIES.stream().allMatch(path -> makeDirectory(path, "1777"));
    }

    /**
     * Makes a directory on the file system, owned by who started it; whether that was done. Asks its web service, which is
     * quick, and with Kerberos its shell.
     *
     * @param permission in octal digits
     */
    public boolean makeDirectory(String path, String permission) {
        if (sites.kerberos().isEmpty()) {
            return pages.put(sites.fileSystemWeb()
                            .resolve("/webhdfs/v1" + path + "?op=MKDIRS&permission=" + permission + "&user.name="
                                    + System.getProperty("user.name")))
                    .filter(answer -> answer.contains("true"))
                    .isPresent();
        }
        try {
            shell.run(List.of("-mkdir", "-p", path));
            shell.run(List.of("-chmod", permission, path));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void await(String what, Condition condition) {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!condition.holds()) {
            daemons.forEach((name, daemon) -> {
                if (daemon.hasFailed()) {
                    throw new IllegalStateException(name + " has ended:\n" + daemon.lastWords());
                }
            });
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "not within " + START_LIMIT.toSeconds() + " s: " + what + "; see " + directory + "/*/log");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Hadoop started", interrupted);
        }
    }

    /** Where the daemons' logs are, and everything else. */
    public Path directory() {
        return directory;
    }

    @Override
    public String toString() {
        return "Hadoop in " + directory + (Files.exists(directory) ? "" : " (gone)");
    }

    private interface Condition {
        boolean holds();
    }
}
