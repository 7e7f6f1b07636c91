package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PyHive and impyla, as the Python registry has them, in a virtual environment that the test makes. */
@Tag("system")
class PythonClientsTest {
    private static final Path SCRIPTS = Home.directory().resolve("it/src/test/python");
    private static final Path ENVIRONMENT = Home.directory().resolve("it/target/venv");

    @BeforeAll
    static void makeTheEnvironment() throws Exception {
        Path ready = ENVIRONMENT.resolve("ready");
        if (Files.exists(ready)) {
            return;
        }
        String problem = firstProblem(
                List.of("python3", "-m", "venv", ENVIRONMENT.toString()),
                List.of(
                        ENVIRONMENT.resolve("bin/pip").toString(),
                        "install",
                        "--quiet",
                        "-r",
                        SCRIPTS.resolve("requirements.txt").toString()));
        if (!problem.isEmpty()) {
            System.out.println("PythonClientsTest is skipped: " + problem);
        }
        assumeTrue(problem.isEmpty(), problem);
        Files.createFile(ready);
    }

    @Test
    void pyHiveWorksOverHttp() throws Exception {
        assertThat(run("pyhive_http_client.py", SharedWorld.get().httpPort()))
                .containsExactly(
                        "works: open and select",
                        "works: many rows",
                        "works: errors and reuse",
                        "works: the same twice");
    }

    @Test
    void pyHiveWorks() throws Exception {
        assertThat(run("pyhive_client.py"))
                .containsExactly(
                        "works: open and select",
                        "works: types",
                        "works: nulls",
                        "works: show databases",
                        "works: show tables",
                        "works: many rows",
                        "works: errors and reuse",
                        "works: cancel",
                        "works: logs",
                        "works: without sasl");
    }

    @Test
    void impylaWorks() throws Exception {
        assertThat(run("impyla_client.py"))
                .containsExactly(
                        "works: ping",
                        "works: open and select",
                        "works: many rows",
                        "works: metadata",
                        "works: errors and reuse",
                        "works: logs",
                        "works: without sasl");
    }

    private static List<String> run(String script) throws Exception {
        return run(script, SharedWorld.get().thriftPort());
    }

    private static List<String> run(String script, int port) throws Exception {
        Process process = start(List.of(
                ENVIRONMENT.resolve("bin/python").toString(),
                SCRIPTS.resolve(script).toString(),
                String.valueOf(port)));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.lines().toList();
    }

    @SafeVarargs
    private static String firstProblem(List<String>... commands) throws InterruptedException {
        for (List<String> command : commands) {
            try {
                Process process = start(command);
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    return String.join(" ", command) + " failed: " + output;
                }
            } catch (IOException missing) {
                return command.get(0) + " is not there: " + missing.getMessage();
            }
        }
        return "";
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
