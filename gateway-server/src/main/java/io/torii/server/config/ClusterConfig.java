package io.torii.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** One cluster. Immutable. */
public record ClusterConfig(
        @Doc("Name of the cluster, for users and logs") @Default("local") String name,
        @Doc("`local`: engines are child processes of the gateway") @Default("local") Type type,
        @Doc("Spark's home; not set, that of SPARK_HOME, else the one that the build has assembled")
                Optional<Path> sparkHome,
        @Doc("Torii's program for engines; not set, the one that comes with this gateway") Optional<Path> engineJar,
        @Doc("Settings of every engine on this cluster, such as `spark.driver.memory: 2g`") @Default("{}")
                Map<String, String> settings,
        @Doc("Catalog of tables: `managed` starts a Hive metastore beside the gateway, `none` leaves it to Spark,"
                        + " `thrift://host:9083` is one that runs")
                @Default("managed")
                String metastore) {
    /** The kind of cluster manager. */
    public enum Type {
        LOCAL
    }

    public ClusterConfig {
        settings = Map.copyOf(settings);
        new Checks()
                .that(
                        name.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"),
                        "name",
                        "is '" + name + "', expected lower-case letters, digits and '-', 40 at most")
                .that(
                        metastore.equals("managed") || metastore.equals("none") || metastore.startsWith("thrift://"),
                        "metastore",
                        "is '" + metastore + "', expected managed, none or thrift://host:9083")
                .done();
    }
}
