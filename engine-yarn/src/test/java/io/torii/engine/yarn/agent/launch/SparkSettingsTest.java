package io.torii.engine.yarn.agent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.launch.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkSettingsTest {
    @TempDir
    Path home;

    @Test
    void theGatewaysCountMoreThanTheHomesAndThoseMoreThanOurs() throws IOException {
        Map<String, String> settings = settings(
                "spark.driver.memory 3g\nspark.executor.cores 2\nspark.executor.memory 4g\n",
                Map.of("spark.executor.memory", "8g"));

        assertThat(settings)
                .containsEntry("spark.driver.maxResultSize", "0")
                .containsEntry("spark.driver.memory", "3g")
                .containsEntry("spark.executor.cores", "2")
                .containsEntry("spark.executor.memory", "8g");
    }

    @Test
    void theDriversOptionsAreKeptBesideTheOneByWhichItsMachineSaysWhyItDoesNotStart() throws IOException {
        assertThat(settings("spark.driver.extraJavaOptions -Dzone=blue -Xss4m\n", Map.of()))
                .containsEntry("spark.driver.extraJavaOptions", "-Dzone=blue -Xss4m -XX:+DisplayVMOutputToStderr");
        assertThat(settings("", Map.of()))
                .containsEntry("spark.driver.extraJavaOptions", "-XX:+DisplayVMOutputToStderr");
    }

    @Test
    void nobodysKeytabGetsToAnEngine() throws IOException {
        Map<String, String> settings = settings(
                "spark.kerberos.keytab /etc/spark.keytab\nspark.kerberos.principal spark\nspark.yarn.keytab /etc/old.keytab\n",
                Map.of("spark.yarn.principal", "spark", "spark.kerberos.keytab", "/home/alice/keytab"));

        assertThat(settings.keySet()).noneMatch(name -> name.endsWith("keytab") || name.endsWith("principal"));
    }

    private Map<String, String> settings(String defaults, Map<String, String> given) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("spark-defaults.conf"), defaults);
        return SparkSettings.of(new SparkHome(home), given);
    }
}
