package io.torii.server.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One cluster. Immutable. */
public record ClusterConfig(
        @Doc("Name of the cluster, for users and logs") @Default("local") String name,
        @Doc("`local`: engines are child processes of the gateway; `yarn`: applications on a YARN cluster")
                @Default("local")
                Type type,
        @Doc("Spark's home; not set, that of SPARK_HOME, else the one that the build has assembled")
                Optional<Path> sparkHome,
        @Doc("Torii's program for engines; not set, the one that comes with this gateway") Optional<Path> engineJar,
        @Doc("Settings of every engine on this cluster, such as `spark.driver.memory: 2g`") @Default("{}")
                Map<String, String> settings,
        @Doc("Catalog of tables: `managed` starts a Hive metastore beside the gateway, `none` leaves it to Spark,"
                        + " `thrift://host:9083` is one that runs; not set, `managed` for local clusters, and for others"
                        + " what their hive-site.xml says")
                Optional<String> metastore,
        @Doc(
                        "Iceberg's runtime for Spark (iceberg-spark-runtime-3.5_2.12-*.jar), a path on this host or a URL: the catalog of"
                                + " tables then has Iceberg's beside others")
                Optional<String> iceberg,
        @Doc(
                        "Further Sparks and settings that sessions choose from by `torii.engine.profile`, for clusters of type yarn;"
                                + " who does not choose gets what is said above")
                @Default("[]")
                List<SparkProfileConfig> profiles,
        @Doc("How many engines there may be on it; `0` is no limit, and one that drains does not count")
                ClusterLimitsConfig limits,
        @Doc("For clusters of type yarn") YarnConfig yarn) {
    /** The kind of cluster manager. */
    public enum Type {
        LOCAL,
        YARN
    }

    public ClusterConfig {
        settings = Map.copyOf(settings);
        profiles = List.copyOf(profiles);
        Checks checks = new Checks();
        Set<String> names = new HashSet<>();
        for (SparkProfileConfig profile : profiles) {
            checks.that(names.add(profile.name()), "profiles", "has two profiles with the name " + profile.name());
        }
        checks.that(
                        type != Type.LOCAL || profiles.isEmpty(),
                        "profiles",
                        "is set, but the cluster is of type local: make another cluster for another Spark there")
                .that(
                        name.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"),
                        "name",
                        "is '" + name + "', expected lower-case letters, digits and '-', 40 at most")
                .that(
                        metastore.filter(value -> !isCatalog(type, value)).isEmpty(),
                        "metastore",
                        "is '" + metastore.orElse("") + "', expected " + (type == Type.LOCAL ? "managed, " : "")
                                + "none or thrift://host:9083")
                .that(
                        type != Type.YARN || yarn.hadoopConfDir().isPresent(),
                        "yarn.hadoop-conf-dir",
                        "is missing: set it to the directory with the cluster's core-site.xml and yarn-site.xml")
                .done();
    }

    /** The names that sessions choose from, besides the cluster's own profile. */
    public Set<String> profileNames() {
        return profiles.stream().map(SparkProfileConfig::name).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isCatalog(Type type, String value) {
        return (value.equals("managed") && type == Type.LOCAL) || value.equals("none") || value.startsWith("thrift://");
    }
}
