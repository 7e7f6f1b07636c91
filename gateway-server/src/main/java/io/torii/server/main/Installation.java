package io.torii.server.main;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where Torii's own files are. Immutable.
 *
 * @param home the directory that holds {@code bin/}
 * @param environment the process's
 */
record Installation(Path home, Map<String, String> environment) {
    Installation {
        home = home.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }

    /** As {@code bin/torii} says; else the directory in which the program was started. */
    static Installation of(Map<String, String> environment) {
        return new Installation(Path.of(environment.getOrDefault("TORII_HOME", "")), environment);
    }

    /** The configuration file, if there is one. */
    Optional<Path> configuration() {
        Path file =
                home.resolve(environment.getOrDefault("TORII_CONF_DIR", "conf")).resolve("torii.yaml");
        return Optional.of(file).filter(Files::exists);
    }

    /** A path of the configuration: relative ones are below home. */
    Path resolve(Path path) {
        return home.resolve(requireNonNull(path, "path")).normalize();
    }

    /** Spark's home as the environment has it, else the one that the build has assembled. */
    Path sparkHome() {
        String given = environment.getOrDefault("SPARK_HOME", "");
        return given.isBlank() ? home.resolve("spark-home/target") : home.resolve(given);
    }

    /** The program of Spark engines that the build has made. */
    Path engineJar() {
        return home.resolve("spark-engine/target/torii-spark-engine.jar");
    }
}
