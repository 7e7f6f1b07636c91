package io.torii.spark;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.spark.session.TestClient;
import io.torii.wire.WireConnection;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shaded jar as a process of its own, submitted as a launcher does it, on the jars of a real Spark home. */
@Timeout(value = 180, unit = SECONDS)
class EngineProcessTest {
    private static final Path JAR = Paths.get("target/torii-spark-engine.jar").toAbsolutePath();
    private static final Path SPARK_JARS =
            Paths.get("../spark-home/target/jars").toAbsolutePath();

    @TempDir
    Path directory;

    private FakeGateway gateway;
    private Process engine;

    @BeforeEach
    void needJars() {
        boolean present = Files.exists(JAR) && Files.isDirectory(SPARK_JARS);
        if (!present) {
            System.out.println("Skipped: needs " + JAR + " and the jars of a Spark home in " + SPARK_JARS);
        }
        assumeTrue(present, "neither jar nor Spark home");
    }

    @AfterEach
    void stopAll() {
        if (engine != null) {
            engine.destroyForcibly();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void servesAGatewayAndSaysGoodbyeWhenItIsTerminated() throws Exception {
        gateway = new FakeGateway(200);
        Path launch = launchFile();
        engine = start(launch);

        Map<String, String> registration = gateway.call("register");
        assertThat(launch).as("the launch file, with its secrets").doesNotExist();
        EventLoopGroup loops = new NioEventLoopGroup(1);
        try (WireConnection connection = TestClient.get(new WireConnector(loops, Runnable::run, WireOptions.defaults())
                .connect("127.0.0.1", Integer.parseInt(registration.get("port")), "secret"))) {
            TestClient alice =
                    new TestClient(connection::call, "alice", TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10);
            assertThat(alice.rows(alice.open(), "SELECT current_user(), sum(id) FROM range(10)"))
                    .containsExactly("alice,45");
        } finally {
            loops.shutdownGracefully(0, 1, SECONDS);
        }
        assertThat(gateway.call("heartbeat")).containsEntry("state", "ready");

        engine.destroy();

        assertThat(gateway.call("leave")).containsEntry("tag", "torii-1");
        assertThat(engine.waitFor(60, SECONDS)).isTrue();
    }

    @Test
    void endsWithCodeThreeWhenItIsRefused() throws Exception {
        gateway = new FakeGateway(403);
        engine = start(launchFile());

        assertThat(engine.waitFor(120, SECONDS)).isTrue();
        assertThat(engine.exitValue()).isEqualTo(3);
    }

    @Test
    void saysInOneLineWhyItCouldNotStart() throws Exception {
        gateway = new FakeGateway(200);
        Path launch = launchFile();
        Files.write(launch, Arrays.asList("tag=torii-1", "idle-timeout=soon"), StandardCharsets.UTF_8);
        engine = start(launch);

        assertThat(engine.waitFor(120, SECONDS)).isTrue();
        assertThat(engine.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(directory.resolve("engine.log"))).anySatisfy(line -> assertThat(line)
                .startsWith("Torii engine failed: Launch file ")
                .endsWith("is not usable: Launch file has no gateways"));
        assertThat(launch).doesNotExist();
    }

    private Path launchFile() throws IOException {
        Path file = directory.resolve("launch.properties");
        gateway.launch().write(file);
        return file;
    }

    private Process start(Path launch) throws IOException {
        Path settings = directory.resolve("spark.properties");
        Files.write(
                settings,
                Arrays.asList(
                        "spark.master=local[2]",
                        "spark.ui.enabled=false",
                        "spark.driver.host=127.0.0.1",
                        "spark.driver.bindAddress=127.0.0.1"),
                StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>();
        command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                Arrays.asList(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(Arrays.asList(
                "-Xmx1g",
                "-cp",
                SPARK_JARS + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--class",
                "io.torii.spark.SparkEngineMain",
                "--properties-file",
                settings.toString(),
                JAR.toString(),
                launch.toString()));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("engine.log").toFile())
                .start();
    }
}
