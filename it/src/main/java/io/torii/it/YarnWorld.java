package io.torii.it;

import io.torii.mini.Kerberos;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A gateway whose engines run on a Hadoop of this machine, with a metastore that they share. One thread at a time. */
public final class YarnWorld implements AutoCloseable {
    private static final HiveDriver DRIVER = HiveDriver.of("3.1.3");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final MiniHadoop hadoop;
    private World gateway;

    private YarnWorld(MiniHadoop hadoop) {
        this.hadoop = hadoop;
    }

    /** Starts all of it, in an empty directory, and waits until the gateway would give the cluster work. */
    public static YarnWorld start(Path directory, MiniHadoopShape shape) {
        return start(directory, shape, YarnWorld::configuration);
    }

    /** As above, with another configuration of the gateway. */
    public static YarnWorld start(Path directory, MiniHadoopShape shape, Function<MiniHadoop, String> configuration) {
        try {
            MiniHadoop hadoop = MiniHadoop.start(
                    Files.createDirectory(directory.resolve("hadoop")), shape.withMetastore(sparkHome()));
            YarnWorld world = new YarnWorld(hadoop);
            try {
                world.gateway = World.start(
                        Files.createDirectory(directory.resolve("gateway")), configuration.apply(hadoop), Map.of());
                world.awaitHealth();
                return world;
            } catch (RuntimeException problem) {
                world.close();
                throw problem;
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Engines that fit on a small node, and start fast. */
    public static String configuration(MiniHadoop hadoop) {
        return """
                clusters:
                  - name: yarn
                    type: yarn
                    settings:
                      spark.driver.memory: 640m
                      spark.executor.memory: 512m
                      spark.executor.instances: "1"
                      spark.sql.shuffle.partitions: "2"
                    yarn:
                      hadoop-conf-dir: %s
                %srouter:
                  default-cluster: yarn
                """
                .formatted(
                        hadoop.configuration(),
                        hadoop.kerberos().map(YarnWorld::login).orElse(""));
    }

    private static String login(Kerberos kerberos) {
        return """
                      principal: %s
                      keytab: %s
                      krb5-conf: %s
                """
                .formatted(kerberos.principal("torii"), kerberos.keytab("torii"), kerberos.configuration());
    }

    /** The one that tests run on: of the environment, else as the build has assembled it. */
    public static Path sparkHome() {
        String given = System.getenv().getOrDefault("SPARK_HOME", "");
        return given.isBlank() ? Home.directory().resolve("spark-home/target") : Path.of(given);
    }

    public MiniHadoop hadoop() {
        return hadoop;
    }

    public World gateway() {
        return gateway;
    }

    /** A session of Hive's driver as that user. */
    public Connection connect(String user) throws SQLException {
        return connect(user, "default");
    }

    /** The same with what its URL says after the address. */
    public Connection connect(String user, String rest) throws SQLException {
        return DRIVER.connect(gateway.url(rest), user, "x");
    }

    /** The application that a session's engine is; launches one if it has none. */
    public static String application(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("SET spark.app.id")) {
            rows.next();
            return rows.getString(2);
        }
    }

    /** Ends an engine as a crash of its driver would. */
    public void endEngine(String application) {
        hadoop.drivers(application).forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether the gateway would give the cluster work now, as its metrics say. */
    public boolean isHealthy() {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics");
        try (InputStream page = metrics.toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .anyMatch(line -> line.matches("torii_cluster_healthy\\{cluster=\"yarn\".*} 1\\.0"));
        } catch (IOException silent) {
            return false;
        }
    }

    private void awaitHealth() {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!isHealthy()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("the gateway does not find the cluster healthy:\n" + gateway.output());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        hadoop.close();
    }
}
