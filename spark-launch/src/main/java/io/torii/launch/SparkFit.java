package io.torii.launch;

import static java.util.Objects.requireNonNull;

import io.torii.api.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Whether a Spark home and Torii's program for engines are there and made for each other. Reads files. Thread-safe. */
public final class SparkFit {
    private static final String HOME = "spark home";
    private static final String ENGINE = "engine program";

    private final SparkHome home;
    private final Path engineJar;

    public SparkFit(SparkHome home, Path engineJar) {
        this.home = requireNonNull(home, "home");
        this.engineJar = requireNonNull(engineJar, "engineJar");
    }

    /** Of Spark's home. */
    public Finding home() {
        if (!Files.isDirectory(home.directory())) {
            return Finding.fail(HOME, "there is no directory " + home.directory(), "set spark-home or SPARK_HOME");
        }
        Optional<String> version = home.versionOf("spark-core");
        return version.isEmpty()
                ? Finding.fail(
                        HOME,
                        "there is no Spark in " + home.directory() + " (expected: jars/spark-core_*.jar)",
                        "set spark-home or SPARK_HOME to an unpacked Spark")
                : Finding.ok(
                        HOME,
                        "Spark " + version.get() + " with Scala "
                                + home.scalaOf("spark-core").orElse("?") + " in " + home.directory());
    }

    /** Of the engines' program, and whether it is for the Spark in that home. */
    public Finding engine() {
        if (!Files.isRegularFile(engineJar)) {
            return Finding.fail(ENGINE, "there is no " + engineJar, "build it, or set engine-jar");
        }
        Optional<String> spark;
        Optional<String> scala;
        try (JarFile jar = new JarFile(engineJar.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            spark = Optional.ofNullable(attributes.getValue("Spark-Version")).map(SparkFit::line);
            scala = Optional.ofNullable(attributes.getValue("Scala-Version"));
        } catch (IOException unreadable) {
            return Finding.fail(
                    ENGINE,
                    engineJar + " cannot be read: " + unreadable.getMessage(),
                    "build it anew, or set engine-jar");
        }
        if (spark.isEmpty() || scala.isEmpty()) {
            return Finding.warn(
                    ENGINE,
                    engineJar + " does not say for which Spark it is",
                    "take the one that was built with this gateway: leave engine-jar out");
        }
        String made = "Spark " + spark.get() + " with Scala " + scala.get();
        Optional<String> version = home.versionOf("spark-core");
        if (version.isEmpty()) {
            return Finding.ok(ENGINE, engineJar + " for " + made);
        }
        return line(version.get()).equals(spark.get()) && scala.equals(home.scalaOf("spark-core"))
                ? Finding.ok(ENGINE, engineJar + " for " + made)
                : Finding.fail(
                        ENGINE,
                        engineJar + " is for " + made + ", not for Spark " + version.get() + " with Scala "
                                + home.scalaOf("spark-core").orElse("?"),
                        "point spark-home at " + made + ", or engine-jar at a program for what is there");
    }

    /** Spark's programs fit all versions with the same first two numbers. */
    private static String line(String version) {
        String[] numbers = version.split("\\.", 3);
        return numbers.length < 2 ? version : numbers[0] + "." + numbers[1];
    }
}
