package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/torii doctor}: what it prints and how it ends. What each check finds is for the tests of its module. */
@Tag("system")
class DoctorTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void useFreePortsAndAWorkDirectory() throws Exception {
        environment.put("TORII_WORK_DIR", directory.resolve("work").toString());
        environment.put("TORII_LOG_DIR", directory.resolve("logs").toString());
        environment.put("TORII_CONF_DIR", directory.toString());
        environment.put("TORII_THRIFT_PORT", "0");
        environment.put("TORII_THRIFT_HTTP_PORT", "0");
        environment.put("TORII_HOME_PORT", "0");
        environment.put("TORII_ADMIN_PORT", "0");
        Files.writeString(
                directory.resolve("torii.yaml"),
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                """);
    }

    @Test
    void findsNothingWrongWithANewInstallationAndMakesNothing() throws Exception {
        Script.Result run = doctor();

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out().lines())
                .allMatch(line -> line.startsWith("ok   ")
                        || line.startsWith("warn ")
                        || line.endsWith(" 0 wrong, 0 not looked at"))
                .anyMatch(line -> line.startsWith("ok   local spark home: Spark 3.5"))
                .anyMatch(line -> line.startsWith("ok   local engine program: "))
                .anyMatch(line -> line.contains(" will be made at the first start"));
        assertThat(directory.resolve("work")).doesNotExist();
        assertThat(directory.resolve("logs")).doesNotExist();
    }

    @Test
    void leavesAGatewayThatRunsAlone() throws Exception {
        assertThat(Script.run(directory, environment, "torii", "start").exit()).isZero();
        try {
            int thrift = thriftPort();

            Script.Result run = doctor("--port", String.valueOf(thrift));

            assertThat(run.exit()).as(run.out()).isZero();
            assertThat(run.out())
                    .containsPattern("ok   port thrift: 127.0.0.1:" + thrift
                            + " is in use by the running gateway \\(pid \\d+\\)")
                    .containsPattern("ok   store: .* is in use by the running gateway");
            assertThat(Script.run(directory, environment, "torii", "status").exit())
                    .isZero();
        } finally {
            Script.run(directory, environment, "torii", "stop");
        }
    }

    @Test
    void saysWhatIsWrongAndGoesOn() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        environment.put("TORII_WORK_DIR", file.toString());

        Script.Result run =
                doctor("--set", "store.url=jdbc:postgresql://127.0.0.1:1/torii", "--set", "store.password=open-sesame");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("FAIL work directory: " + file + " is a file; move it away, or")
                .contains("FAIL store: jdbc:postgresql://127.0.0.1:1/torii: ")
                .contains("ok   local spark home: ")
                .contains(" 2 wrong, 0 not looked at")
                .doesNotContain("sesame");
    }

    @Test
    void asksAClusterByAnAgentOfItsOwn() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site"));
        write(site.resolve("core-site.xml"), "fs.defaultFS", "hdfs://127.0.0.1:1");
        write(site.resolve("yarn-site.xml"), "yarn.resourcemanager.address", "127.0.0.1:1");
        Files.writeString(
                directory.resolve("torii.yaml"),
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                  - name: hadoop
                    type: yarn
                    yarn:
                      hadoop-conf-dir: %s
                """
                        .formatted(site));

        Script.Result run = doctor("--cluster", "hadoop", "--user", "alice");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("ok   hadoop site files: ")
                .contains("ok   hadoop login: ")
                .contains("FAIL hadoop resource manager: the ResourceManager of cluster hadoop does not answer at"
                        + " 127.0.0.1:1 (Connection refused); start it")
                .contains("FAIL hadoop file system: the file system hdfs://127.0.0.1:1 does not answer (Connection"
                        + " refused); start it")
                .contains("skip hadoop queue: not looked at, since 'resource manager' failed")
                .contains("warn home address: ")
                .doesNotContain("local spark home");
        assertThat(directory.resolve("work")).doesNotExist();
    }

    @Test
    void cannotBeginWithAWrongCommandLineOrConfiguration() throws Exception {
        Script.Result cluster = doctor("--cluster", "mars");
        Script.Result option = doctor("--bogus");
        Script.Result configuration = doctor("--set", "session.idle-timeout=soon");

        assertThat(List.of(cluster.exit(), option.exit(), configuration.exit())).containsOnly(2);
        assertThat(cluster.err()).isEqualTo("torii: There is no cluster 'mars'; there are: local\n");
        assertThat(option.err()).contains("Unknown option: '--bogus'");
        assertThat(configuration.err()).contains("session.idle-timeout");
    }

    private int thriftPort() throws Exception {
        String status = Script.run(directory, environment, "torii", "status").out();
        return Integer.parseInt(status.replaceFirst("(?s).*Thrift port (\\d+).*", "$1"));
    }

    private Script.Result doctor(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "doctor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Script.run(directory, environment, "torii", all);
    }

    private static void write(Path file, String name, String value) throws Exception {
        Files.writeString(
                file,
                "<configuration><property><name>" + name + "</name><value>" + value
                        + "</value></property></configuration>");
    }
}
