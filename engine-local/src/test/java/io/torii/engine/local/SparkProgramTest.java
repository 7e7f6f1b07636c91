package io.torii.engine.local;

import static io.torii.engine.local.LocalHost.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.EngineLaunch;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkProgramTest {
    @TempDir
    private Path directory;

    private LocalHost host;
    private Path launchDirectory;

    @BeforeEach
    void makeASparkHome() throws IOException {
        host = new LocalHost(directory);
        launchDirectory = Files.createDirectory(directory.resolve("launch"));
        Files.createDirectories(host.config.sparkHome().resolve("jars"));
        Files.createFile(host.config.sparkHome().resolve("jars/spark-core_2.12-3.5.5.jar"));
        Files.createFile(host.config.sparkHome().resolve("jars/a.jar"));
        Files.createFile(host.config.engineJar());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void putsNothingButFileNamesOnTheCommandLine() {
        EngineProgram.Start start = prepare(Map.of("spark.password", "geheim"), Metastore.none());

        assertThat(start.command())
                .containsExactly(
                        host.config.javaHome().resolve("bin/java").toString(),
                        "@" + launchDirectory.resolve("java.args"),
                        "org.apache.spark.deploy.SparkSubmit",
                        "--class",
                        "io.torii.spark.SparkEngineMain",
                        "--properties-file",
                        launchDirectory.resolve("spark.properties").toString(),
                        "spark-internal",
                        launchDirectory.resolve("launch.properties").toString());
    }

    @Test
    void handsTheChildAClosedEnvironment() {
        EngineProgram.Start start = prepare(Map.of(), Metastore.none());

        assertThat(start.environment()).containsOnlyKeys("PATH", "JAVA_HOME", "SPARK_HOME", "SPARK_LOCAL_IP");
    }

    @Test
    void tellsTheEngineWhereHomeIsAndWhatItsOptionsAre() throws IOException {
        EngineLaunch launch = Launches.with(Map.of("torii.engine.idle-timeout", "PT5M"));

        answer(program(Map.of("torii.engine.idle-timeout", "PT30M", "torii.engine.tag", "forged"), Metastore.none())
                .prepare(launch, launchDirectory));

        assertThat(read("launch.properties"))
                .containsEntry("tag", launch.tag().value())
                .containsEntry("token", launch.token().value())
                .containsEntry("secret", launch.secret().value())
                .containsEntry("gateways", "http://127.0.0.1:10008")
                .containsEntry("user", "alice")
                .containsEntry("share-level", "user")
                .containsEntry("bind-host", "127.0.0.1")
                .containsEntry("idle-timeout", "PT5M");
    }

    @Test
    void settingsOfTheLaunchWinOverThoseOfTheClusterOverThoseOfTheSparkHome() throws IOException {
        Files.createDirectories(host.config.sparkHome().resolve("conf"));
        Files.writeString(
                host.config.sparkHome().resolve("conf/spark-defaults.conf"),
                "spark.a home\nspark.b home\nspark.c home\nspark.master yarn\nspark.submit.deployMode cluster\n");

        answer(program(Map.of("spark.b", "cluster", "spark.c", "cluster"), Metastore.none())
                .prepare(Launches.with(Map.of("spark.c", "launch")), launchDirectory));

        assertThat(read("spark.properties"))
                .containsEntry("spark.a", "home")
                .containsEntry("spark.b", "cluster")
                .containsEntry("spark.c", "launch")
                .containsEntry("spark.master", "local[*]")
                .containsEntry("spark.submit.deployMode", "client")
                .containsEntry("spark.sql.catalogImplementation", "in-memory")
                .containsEntry("spark.driver.maxResultSize", "0");
    }

    @Test
    void pointsTheEngineToTheSharedMetastore() throws IOException {
        prepare(Map.of(), Metastore.at(URI.create("thrift://127.0.0.1:9083")));

        assertThat(read("spark.properties"))
                .containsEntry("spark.sql.catalogImplementation", "hive")
                .containsEntry("spark.hadoop.hive.metastore.uris", "thrift://127.0.0.1:9083")
                .containsEntry(
                        "spark.sql.warehouse.dir",
                        host.config.workDirectory().resolve("warehouse").toUri().toString());
    }

    @Test
    void givesTheVirtualMachineMemoryAndOptions() throws IOException {
        prepare(
                Map.of(
                        "spark.driver.memory", "2g",
                        "spark.driver.extraJavaOptions", "-Da=\"x y\" -XX:+UseZGC"),
                Metastore.none());

        assertThat(Files.readString(launchDirectory.resolve("java.args")).lines())
                .contains(
                        "\"-Xmx2g\"",
                        "\"-Da=x y\"",
                        "\"-XX:+UseZGC\"",
                        "\"--add-opens=java.base/java.nio=ALL-UNNAMED\"",
                        "\"" + host.config.sparkHome().resolve("jars/a.jar") + ":"
                                + host.config.sparkHome().resolve("jars/spark-core_2.12-3.5.5.jar") + ":"
                                + host.config.engineJar() + "\"")
                .doesNotContain("\"-XX:+UseParallelGC\"");
    }

    @Test
    void sendsTheEngineAlongIfExecutorsAreElsewhere() {
        EngineProgram.Start start = prepare(Map.of("spark.master", "spark://master:7077"), Metastore.none());

        assertThat(start.command()).contains(host.config.engineJar().toString()).doesNotContain("spark-internal");
    }

    @Test
    void saysThatTheEngineProgramIsMissing() throws IOException {
        Files.delete(host.config.engineJar());

        assertThatThrownBy(() -> prepare(Map.of(), Metastore.none()))
                .cause()
                .hasMessage("Cluster local cannot launch engines: there is no engine program at "
                        + host.config.engineJar() + " (build it, or set engine-jar)");
    }

    @Test
    void saysWhatIsWrongWithASetting() {
        assertThatThrownBy(() -> prepare(Map.of("spark.driver.memory", "much"), Metastore.none()))
                .cause()
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SETTING_INVALID));
    }

    private EngineProgram.Start prepare(Map<String, String> settings, Metastore metastore) {
        return answer(program(settings, metastore).prepare(Launches.with(Map.of()), launchDirectory));
    }

    private SparkProgram program(Map<String, String> settings, Metastore metastore) {
        return new SparkProgram(
                host.config.withSettings(settings),
                metastore,
                host.archives(),
                Map.of("PATH", "/bin", "LDAP_PASSWORD", "geheim", "HADOOP_USER_NAME", "somebody"));
    }

    private Map<Object, Object> read(String file) throws IOException {
        Properties properties = OwnFiles.readProperties(launchDirectory.resolve(file));
        return properties;
    }
}
