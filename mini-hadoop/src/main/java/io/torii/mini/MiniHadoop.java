package io.torii.mini;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Hadoop cluster on this machine: a name node with a data node, a resource manager and node managers, each a process of
 * its own, so that each can be killed and started again. Everything it keeps is in one directory. One thread at a time.
 */
public final class MiniHadoop implements AutoCloseable {
    /** What an administrator makes in a new file system: homes and scratch space that everybody may create in. */
    private static final List<String> DIRECTORIES = List.of("/user", "/tmp", "/warehouse");

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Pattern APPLICATION = Pattern.compile("\"id\":\"(application_\\d+_\\d+)\"");
    private static final Pattern NEW_APPLICATION = Pattern.compile("\"application-id\":\"(application_\\d+_\\d+)\"");
    private static final Pattern TAGS = Pattern.compile("\"applicationTags\":\"([^\"]*)\"");
    private static final Pattern ACTIVE_NODES = Pattern.compile("\"activeNodes\":(\\d+)");

    private final MiniHadoopShape shape;
    private final Path directory;
    private final Sites sites;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Map<String, Daemon> daemons = new TreeMap<>();
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

    /** The resource manager's web address. */
    public URI resourceManager() {
        return sites.resourceManagerWeb();
    }

    /** {@code thrift://host:port}; only with a metastore. */
    public URI metastore() {
        return URI.create("thrift://localhost:" + sites.metastorePort());
    }

    /** Ends the resource manager as a crash would; what runs on the nodes goes on. */
    public void killResourceManager() {
        daemons.get("resourcemanager").kill();
    }

    /** Starts the resource manager on its old ports; returns once it answers, with what it had stored. */
    public void startResourceManager() {
        daemons.get("resourcemanager").start();
        await("the resource manager answers", () -> activeNodes() >= 0);
    }

    /** Lets the resource manager take connections and not answer, until it is thawed. */
    public void freezeResourceManager() throws IOException {
        daemons.get("resourcemanager").signal("STOP");
    }

    /** The opposite. */
    public void thawResourceManager() throws IOException {
        daemons.get("resourcemanager").signal("CONT");
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
        String query = "/ws/v1/cluster/apps?states=NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING&user=" + user;
        return get(resourceManager().resolve(query)).stream()
                .flatMap(body -> APPLICATION.matcher(body).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** The tags of an application. */
    public List<String> tagsOf(String application) {
        return get(resourceManager().resolve("/ws/v1/cluster/apps/" + application)).stream()
                .flatMap(body -> TAGS.matcher(body).results())
                .flatMap(found -> Stream.of(found.group(1).split(",")))
                .toList();
    }

    /** Submits an application with these tags, that does nothing, as anybody who reaches the web service can. */
    public void submitWithTags(List<String> tags) {
        URI applications = resourceManager().resolve("/ws/v1/cluster/apps");
        String id = post(URI.create(applications + "/new-application"), "").stream()
                .flatMap(body -> NEW_APPLICATION.matcher(body).results())
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
        String application =
                """
                {"application-id": "%s", "application-name": "copy", "application-type": "YARN",
                 "application-tags": {"tag": ["%s"]}, "am-container-spec": {"commands": {"command": "sleep 60"}},
                 "resource": {"memory": 64, "vCores": 1}}
                """
                        .formatted(id, String.join("\", \"", tags));
        post(applications, application);
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
        return get(resourceManager().resolve("/ws/v1/cluster/metrics")).stream()
                .map(ACTIVE_NODES::matcher)
                .filter(Matcher::find)
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElse(-1);
    }

    /** Its realm, if it is secure. */
    public Optional<Kerberos> kerberos() {
        return sites.kerberos();
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
        Daemon manager = daemon(
                "resourcemanager",
                "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager",
                List.of(),
                sites.server());
        hdfs.start();
        manager.start();
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
                "org.apache.hadoop.hive.metastore.HiveMetaStore",
                List.of("-p", Integer.toString(sites.metastorePort())),
                sparkHome.toAbsolutePath().resolve("jars") + "/*",
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
                main,
                List.of(arguments),
                Daemon.hadoop(),
                sites.client(),
                directory.resolve("commands"),
                shape.environment());
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
        Map<String, String> environment = new TreeMap<>(shape.environment());
        sites.kerberos().ifPresent(realm -> environment.putAll(realm.environment()));
        return environment;
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
            return put(sites.fileSystemWeb()
                    .resolve("/webhdfs/v1" + path + "?op=MKDIRS&permission=" + permission + "&user.name="
                            + System.getProperty("user.name")));
        }
        try {
            shell.run(List.of("-mkdir", "-p", path));
            shell.run(List.of("-chmod", permission, path));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<String> get(URI address) {
        return send(HttpRequest.newBuilder(address).GET());
    }

    private List<String> post(URI address, String json) {
        return send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private boolean put(URI address) {
        return send(HttpRequest.newBuilder(address).PUT(HttpRequest.BodyPublishers.noBody())).stream()
                .anyMatch(body -> body.contains("true"));
    }

    private List<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? List.of(answer.body()) : List.of();
        } catch (IOException silent) {
            return List.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Hadoop started", interrupted);
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
