package io.torii.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Another Spark, or other settings, for some of a cluster's engines. Immutable. */
public record SparkProfileConfig(
        @Doc("Name of the profile: what sessions set `torii.engine.profile` to") @Default("''") String name,
        @Doc("Spark's home; not set, the cluster's") Optional<Path> sparkHome,
        @Doc("Torii's program for engines; not set, the cluster's") Optional<Path> engineJar,
        @Doc("Settings of its engines, besides the cluster's and winning over them") @Default("{}")
                Map<String, String> settings,
        @Doc("Iceberg's runtime for this Spark; not set, the cluster's") Optional<String> iceberg) {
    public SparkProfileConfig {
        settings = Map.copyOf(settings);
        new Checks()
                .that(
                        name.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"),
                        "name",
                        "is '" + name + "', expected lower-case letters, digits and '-', 40 at most")
                .that(!name.equals("default"), "name", "is default, which is the cluster's own: choose another")
                .done();
    }
}
