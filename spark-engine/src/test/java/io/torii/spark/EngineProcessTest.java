package io.torii.spark;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.spark.session.TestClient;
import io.torii.wire.LaunchFile;
import io.torii.wire.WireConnection;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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

    private final BlockingQueue<Map<String, String>> calls = new LinkedBlockingQueue<>();
    private HttpServer home;
    private Process engine;

    @BeforeEach
    void startHome() throws IOException {
        boolean present = Files.exists(JAR) && Files.isDirectory(SPARK_JARS);
        if (!present) {
            System.out.println("Skipped: needs " + JAR + " and the jars of a Spark home in " + SPARK_JARS);
        }
        assumeTrue(present, "neither jar nor Spark home");
        home = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        home.start();
    }

    @AfterEach
    void stopAll() {
        if (engine != null) {
            engine.destroyForcibly();
        }
        if (home != null) {
            home.stop(0);
        }
    }

    @Test
    void servesAGatewayAndSaysGoodbyeWhenItIsTerminated() throws Exception {
        homeAnswers(200);
        Path launch = launchFile("secret");
        engine = start(launch);

        Map<String, String> registration = call("/engine/v1/register");
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
        assertThat(call("/engine/v1/heartbeat")).containsEntry("state", "ready");

        engine.destroy();

        assertThat(call("/engine/v1/leave")).containsEntry("tag", "torii-1");
        assertThat(engine.waitFor(60, SECONDS)).isTrue();
    }

    @Test
    void endsWithCodeThreeWhenItIsRefused() throws Exception {
        homeAnswers(403);
        engine = start(launchFile("secret"));

        assertThat(engine.waitFor(120, SECONDS)).isTrue();
        assertThat(engine.exitValue()).isEqualTo(3);
    }

    @Test
    void saysInOneLineWhyItCouldNotStart() throws Exception {
        homeAnswers(200);
        Path launch = launchFile("secret");
        Files.write(launch, Arrays.asList("tag=torii-1", "idle-timeout=soon"), StandardCharsets.UTF_8);
        engine = start(launch);

        assertThat(engine.waitFor(120, SECONDS)).isTrue();
        assertThat(engine.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(directory.resolve("engine.log"))).anySatisfy(line -> assertThat(line)
                .startsWith("Torii engine failed: Launch file ")
                .endsWith("is not usable: Launch file has no gateways"));
        assertThat(launch).doesNotExist();
    }

    private void homeAnswers(int status) {
        home.createContext("/", exchange -> {
            Map<String, String> form = form(exchange.getRequestBody());
            form.put("path", exchange.getRequestURI().getPath());
            byte[] answer = "heartbeat-millis=200&command=none".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            calls.add(form);
        });
    }

    /** The first call of this kind from now on. */
    private Map<String, String> call(String path) throws InterruptedException {
        while (true) {
            Map<String, String> call = calls.poll(120, SECONDS);
            assertThat(call).as("a call of " + path).isNotNull();
            if (call.get("path").equals(path)) {
                return call;
            }
        }
    }

    private Path launchFile(String secret) throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put(LaunchFile.TAG, "torii-1");
        values.put(LaunchFile.TOKEN, "token");
        values.put(LaunchFile.SECRET, secret);
        values.put(LaunchFile.GATEWAYS, "http://127.0.0.1:" + home.getAddress().getPort());
        values.put(LaunchFile.USER, "alice");
        values.put(LaunchFile.SHARE_LEVEL, "user");
        Path file = directory.resolve("launch.properties");
        LaunchFile.of(values).write(file);
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

    private static Map<String, String> form(InputStream body) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            text.write(buffer, 0, read);
        }
        Map<String, String> form = new HashMap<>();
        for (String field : new String(text.toByteArray(), StandardCharsets.UTF_8).split("&", -1)) {
            String[] pair = field.split("=", 2);
            form.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return form;
    }
}
