package io.torii.it;

import io.torii.mini.Kerberos;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** A gateway whose engines run on a Hadoop of this machine, with a metastore that they share. One thread at a time. */
public final class YarnWorld implements AutoCloseable {
    private final MiniHadoop hadoop;
    private World gateway;

    private YarnWorld(MiniHadoop hadoop) {
        this.hadoop = hadoop;
    }

    /** Starts all of it, in an empty directory. */
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
                return world;
            } catch (RuntimeException problem) {
                hadoop.close();
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

    @Override
    public void close() {
        gateway.close();
        hadoop.close();
    }
}
