package io.torii.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkFitTest {
    @TempDir
    private Path directory;

    @Test
    void saysWhatIsThere() throws IOException {
        SparkFit fit = fit("spark-core_2.12-3.5.1.jar", engine("3.5.5", "2.12"));

        assertThat(fit.home().line())
                .isEqualTo("ok   spark home: Spark 3.5.1 with Scala 2.12 in " + directory.resolve("spark"));
        assertThat(fit.engine().line())
                .isEqualTo(
                        "ok   engine program: " + directory.resolve("engine.jar") + " for Spark 3.5 with Scala 2.12");
    }

    @Test
    void knowsAVendorsVersion() throws IOException {
        SparkFit fit = fit("spark-core_2.12-3.5.1.7.2.18-641.jar", engine("3.5.5", "2.12"));

        assertThat(fit.home().line()).contains("Spark 3.5.1.7.2.18-641 with");
        assertThat(fit.engine().line()).startsWith("ok ");
    }

    @Test
    void refusesAnotherSpark() throws IOException {
        SparkFit fit = fit("spark-core_2.12-3.4.4.jar", engine("3.5.5", "2.12"));

        assertThat(fit.engine().line())
                .startsWith("FAIL engine program: ")
                .endsWith("is for Spark 3.5 with Scala 2.12, not for Spark 3.4.4 with Scala 2.12; point spark-home at"
                        + " Spark 3.5 with Scala 2.12, or engine-jar at a program for what is there");
    }

    @Test
    void refusesAnotherScala() throws IOException {
        SparkFit fit = fit("spark-core_2.13-3.5.5.jar", engine("3.5.5", "2.12"));

        assertThat(fit.engine().line()).contains("not for Spark 3.5.5 with Scala 2.13");
    }

    @Test
    void missesWhatIsNotThere() throws IOException {
        SparkFit nothing = new SparkFit(new SparkHome(directory.resolve("no")), directory.resolve("no.jar"));

        assertThat(nothing.home().line())
                .isEqualTo("FAIL spark home: there is no directory " + directory.resolve("no")
                        + "; set spark-home or SPARK_HOME");
        assertThat(nothing.engine().line())
                .isEqualTo("FAIL engine program: there is no " + directory.resolve("no.jar")
                        + "; build it, or set engine-jar");
        assertThat(fit("guava.jar", engine("3.5.5", "2.12")).home().line()).contains("expected: jars/spark-core_*.jar");
    }

    @Test
    void doesNotTakeAnyFileForAProgram() throws IOException {
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
        Path other = engine("", "");

        assertThat(fit("spark-core_2.12-3.5.5.jar", text).engine().line())
                .startsWith("FAIL engine program: " + text + " cannot be read: ");
        assertThat(new SparkFit(new SparkHome(directory.resolve("spark")), other)
                        .engine()
                        .line())
                .startsWith("warn engine program: " + other + " does not say for which Spark it is");
    }

    private SparkFit fit(String jar, Path engine) throws IOException {
        Path jars = Files.createDirectories(directory.resolve("spark/jars"));
        Files.writeString(jars.resolve(jar), "");
        return new SparkFit(new SparkHome(directory.resolve("spark")), engine);
    }

    private Path engine(String spark, String scala) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!spark.isEmpty()) {
            manifest.getMainAttributes().putValue("Spark-Version", spark);
            manifest.getMainAttributes().putValue("Scala-Version", scala);
        }
        Path file = directory.resolve("engine.jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }
}
