package io.torii.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Kyuubi with its embedded ZooKeeper and engines shared by user, as it comes. */
final class KyuubiServer implements Opponent {
    private final Path home;
    private final Path sparkHome;
    private final Path directory;
    private final int port = ServerProcess.freePort();
    private volatile Optional<ServerProcess> server = Optional.empty();

    KyuubiServer(Path home, Path sparkHome, Path directory) {
        this.home = home;
        this.sparkHome = sparkHome;
        this.directory = directory;
    }

    /** Why it cannot be started from these; empty if it can. */
    static Optional<String> missing(Optional<Path> home, Path sparkHome) {
        if (home.isEmpty()) {
            return Optional.of("KYUUBI_HOME is not set");
        }
        for (Path needed : List.of(home.get().resolve("bin/kyuubi"), sparkHome.resolve("bin/spark-submit"))) {
            if (!Files.isExecutable(needed)) {
                return Optional.of("there is no program " + needed);
            }
        }
        return Optional.empty();
    }

    @Override
    public String name() {
        return "Kyuubi";
    }

    @Override
    public void start() throws Exception {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(
                conf.resolve("kyuubi-defaults.conf"),
                settings().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        ServerProcess started = ServerProcess.start(
                name(), directory, List.of(home.resolve("bin/kyuubi").toString(), "run"), environment(conf));
        server = Optional.of(started);
        started.awaitPort(port);
        Opponent.secondsToRow(client(USER));
    }

    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>(SparkSettings.in(directory));
        settings.put("kyuubi.frontend.protocols", "THRIFT_BINARY");
        settings.put("kyuubi.frontend.bind.host", "127.0.0.1");
        settings.put("kyuubi.frontend.thrift.binary.bind.port", String.valueOf(port));
        settings.put("kyuubi.zookeeper.embedded.client.port", String.valueOf(ServerProcess.freePort()));
        settings.put(
                "kyuubi.zookeeper.embedded.data.dir",
                directory.resolve("zookeeper").toString());
        settings.put(
                "kyuubi.zookeeper.embedded.data.log.dir",
                directory.resolve("zookeeper").toString());
        settings.put(
                "kyuubi.metadata.store.jdbc.url",
                "jdbc:sqlite:" + directory.resolve("kyuubi.db").toAbsolutePath());
        settings.put("kyuubi.engine.share.level", "USER");
        return settings;
    }

    private Map<String, String> environment(Path conf) {
        return Map.of(
                "KYUUBI_HOME", home.toString(),
                "KYUUBI_CONF_DIR", conf.toString(),
                "KYUUBI_LOG_DIR", directory.resolve("logs").toString(),
                "KYUUBI_PID_DIR", directory.resolve("pid").toString(),
                "KYUUBI_WORK_DIR_ROOT", directory.resolve("work").toString(),
                "JAVA_HOME", System.getProperty("java.home"),
                "SPARK_HOME", sparkHome.toString(),
                "SPARK_LOCAL_IP", "127.0.0.1");
    }

    @Override
    public String url() {
        return "jdbc:hive2://127.0.0.1:" + port + "/default";
    }

    @Override
    public List<ProcessHandle> processes() {
        return server.map(ServerProcess::processes).orElse(List.of());
    }

    @Override
    public FirstRow firstRow(int turn) throws Exception {
        List<ProcessHandle> before = processes();
        String user = "cold" + turn;
        try {
            double cold = Opponent.secondsToRow(client(user));
            return new FirstRow(cold, Optional.of(Opponent.secondsToRow(client(user))));
        } finally {
            List<ProcessHandle> after = new ArrayList<>(processes());
            after.removeAll(before);
            ServerProcess.end(after);
        }
    }

    @Override
    public void close() {
        server.ifPresent(ServerProcess::close);
    }
}
