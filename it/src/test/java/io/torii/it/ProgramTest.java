package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/torii}: what it does, and what it says when it cannot. */
@Tag("system")
class ProgramTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void useFreePortsAndAWorkDirectory() {
        environment.put("TORII_WORK_DIR", directory.resolve("work").toString());
        environment.put("TORII_LOG_DIR", directory.resolve("logs").toString());
        environment.put("TORII_CONF_DIR", directory.toString());
        environment.put("TORII_THRIFT_PORT", "0");
        environment.put("TORII_THRIFT_HTTP_PORT", "0");
        environment.put("TORII_HOME_PORT", "0");
        environment.put("TORII_ADMIN_PORT", "0");
    }

    @Test
    void startsSaysThatItRunsAndStops() throws Exception {
        withoutMetastore();
        assertThat(torii("status").exit()).isEqualTo(3);

        Script.Result start = torii("start");
        assertThat(start.exit()).isZero();
        assertThat(start.out()).containsPattern("Torii is ready: jdbc:hive2://127\\.0\\.0\\.1:\\d+/default");
        assertThat(torii("status").out()).containsPattern("Torii is running: pid \\d+, Thrift port \\d+");
        assertThat(torii("start").err()).containsPattern("A gateway runs already \\(pid \\d+\\)");
        assertThat(torii("restart").exit()).isZero();

        assertThat(torii("stop").out()).contains("Torii has ended");
        assertThat(torii("status").exit()).isEqualTo(3);
        assertThat(torii("stop").exit()).isZero();
    }

    @Test
    void keepsASecondGatewayOutOfItsWorkDirectory() throws Exception {
        withoutMetastore();
        torii("start");
        try {
            Script.Result second = torii("run");

            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).containsPattern("A gateway \\(pid \\d+\\) is using the work directory");
            assertThat(second.err().lines()).hasSize(1);
        } finally {
            torii("stop");
        }
    }

    @Test
    void saysInOneSentenceThatAPortIsTaken() throws Exception {
        int taken = SharedWorld.get().thriftPort();

        Script.Result run = torii("run", "--port", String.valueOf(taken));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("Cannot listen on 127.0.0.1:" + taken).contains("--port");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void saysInOneSentenceThatThereIsNoJavaOrAnOldOne() throws Exception {
        environment.put("JAVA_HOME", directory.toString());
        assertThat(torii("run").err().strip()).startsWith("torii: JAVA_HOME is").endsWith("JDK 17 or newer");

        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 11' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(torii("run").err().strip()).startsWith("torii: Java 11").endsWith("JDK 17 or newer");
    }

    @Test
    void saysInOneSentenceThatItsWorkDirectoryCannotBeUsed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        environment.put("TORII_WORK_DIR", file.resolve("work").toString());

        Script.Result run = torii("run");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).startsWith("torii: The work directory " + file);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void saysInOneSentenceThatThereIsNoDisk() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        boolean mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        if (!mounted) {
            System.out.println(
                    "ProgramTest.saysInOneSentenceThatThereIsNoDisk is skipped: it cannot mount a small disk");
        }
        assumeTrue(mounted, "cannot mount a small disk");
        try {
            environment.put("TORII_WORK_DIR", small.resolve("work").toString());

            Script.Result run = torii("run");
            Script.Result quickstart = Script.run(directory, environment, "quickstart", "--no-build", "--once");

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).startsWith("torii: There are only ").contains(" KiB free at the work directory");
            assertThat(run.err().lines()).hasSize(1);
            assertThat(quickstart.exit()).isEqualTo(1);
            assertThat(quickstart.err()).startsWith("quickstart: There are only ");
            assertThat(quickstart.err().lines()).hasSize(1);
        } finally {
            succeeds("umount", small.toString());
        }
    }

    private static boolean succeeds(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void listsEverythingThatIsWrongWithItsConfigurationAtOnce() throws Exception {
        Files.writeString(directory.resolve("torii.yaml"), "thrfit:\n  port: 1\nsession:\n  idle-timeout: soon\n");

        Script.Result run = torii("config");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("did you mean thrift?").contains("session.idle-timeout");
    }

    @Test
    void printsTheConfigurationInForceWithoutItsSecrets() throws Exception {
        Files.writeString(
                directory.resolve("torii.yaml"),
                "store:\n  url: jdbc:postgresql://db/torii\n  user: torii\n  password: ${ENV:DB_PASSWORD}\n");
        environment.put("DB_PASSWORD", "open sesame");

        Script.Result run = torii("config", "--set", "session.fetch-size=7");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("fetch-size: 7").contains("***").doesNotContain("sesame");
    }

    @Test
    void doesNotTakeAWrongCommandForAnother() throws Exception {
        Script.Result run = torii("strat");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("There is no command 'strat'").contains("Usage:");
    }

    @Test
    void endsItsEnginesWithItselfIfAskedTo() throws Exception {
        withoutMetastore();
        Script gateway = Script.start(directory, environment, "torii", "run", "--end-engines");
        Eventually.holds(Duration.ofSeconds(60), () -> assertThat(gateway.out()).contains("Torii is ready: "));
        String url = gateway.out()
                .lines()
                .filter(line -> line.startsWith("Torii is ready: "))
                .findFirst()
                .orElseThrow()
                .substring("Torii is ready: ".length());
        try (var connection = HiveDriver.of("3.1.3").connect(url, "alice", "x")) {
            assertThat(JdbcClientContract.rows(connection, "SELECT 1")).containsExactly("1");
        }
        assertThat(engines()).isEqualTo(1);

        gateway.process().destroy();

        gateway.end(Duration.ofSeconds(40));
        assertThat(engines()).as(gateway.out()).isZero();
    }

    private long engines() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Stream::of)
                        .anyMatch(argument -> argument.startsWith("@" + directory)))
                .count();
    }

    private void withoutMetastore() throws Exception {
        Files.writeString(
                directory.resolve("torii.yaml"),
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[1]"
                      spark.driver.memory: 512m
                """);
    }

    private Script.Result torii(String... arguments) throws Exception {
        return Script.run(directory, environment, "torii", arguments);
    }
}
