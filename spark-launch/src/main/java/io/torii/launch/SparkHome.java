package io.torii.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory that holds a Spark distribution, or as much of one as engines need. Immutable, thread-safe. */
public record SparkHome(Path directory) {
    /** Its jars in a fixed order: Java's own wildcard takes them as the file system lists them. */
    public List<Path> jars() {
        try (Stream<Path> files = Files.list(directory.resolve("jars"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** What is wrong with it, or empty. */
    public String problem() {
        boolean complete =
                jars().stream().anyMatch(jar -> jar.getFileName().toString().startsWith("spark-core_"));
        return complete
                ? ""
                : "there is no Spark in " + directory
                        + " (expected: jars/spark-core_*.jar; set spark-home or SPARK_HOME)";
    }

    /** The version of its jar of this name, which is without Scala's version: {@code spark-core}. */
    public Optional<String> versionOf(String artifact) {
        return nameOf(artifact)
                .map(name -> name.substring(name.lastIndexOf('_')).split("-", 2)[1]);
    }

    /** Scala's version in the name of its jar of this name, such as {@code 2.12}. */
    public Optional<String> scalaOf(String artifact) {
        return nameOf(artifact)
                .map(name -> name.substring(name.lastIndexOf('_') + 1).split("-", 2)[0]);
    }

    private Optional<String> nameOf(String artifact) {
        return jars().stream()
                .map(jar -> jar.getFileName().toString())
                .filter(name -> name.matches(artifact + "_[0-9.]+-.+\\.jar"))
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .findFirst();
    }

    /** Its directory of site files, if it has one. */
    public Optional<Path> configuration() {
        return Optional.of(directory.resolve("conf")).filter(Files::isDirectory);
    }

    /** Its spark-defaults.conf. */
    public Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        try {
            Properties properties = OwnFiles.readProperties(directory.resolve("conf/spark-defaults.conf"));
            properties.stringPropertyNames().stream()
                    .filter(name -> name.startsWith("spark."))
                    .forEach(name ->
                            defaults.put(name, properties.getProperty(name).strip()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read the defaults of " + directory, unreadable);
        }
        return defaults;
    }

    public static String joined(List<Path> classPath) {
        List<String> names = new ArrayList<>();
        classPath.forEach(entry -> names.add(entry.toString()));
        return String.join(java.io.File.pathSeparator, names);
    }
}
