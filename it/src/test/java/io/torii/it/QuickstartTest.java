package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first of the README's two commands. */
@Tag("system")
class QuickstartTest {
    private static final long SIGINT_BIT = 1 << (2 - 1);
    private static final String[] FREE_PORTS = {
        "--no-build", "--port", "0", "--http-port", "0", "--home-port", "0", "--admin-port", "0"
    };

    @TempDir
    Path directory;

    @Test
    void endsWithRowsOnTheScreenEachTimeAndLeavesNothingBehind() throws Exception {
        Script.Result run = Script.run(directory, environment(), "quickstart", with("--once"));

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("\\| A +\\| \\d+ ")
                .containsPattern("Connect: +jdbc:hive2://127\\.0\\.0\\.1:\\d+/default")
                .contains("bin/beeline -u jdbc:hive2://");
        assertThat(processes()).isEmpty();

        Script.Result again = Script.run(directory, environment(), "quickstart", with("--once"));

        assertThat(again.out()).containsPattern("\\| A +\\| \\d+ ");
    }

    @Test
    void controlCEndsTheGatewayItsEnginesAndTheMetastore() throws Exception {
        assumeFalse(
                interruptsAreIgnored(),
                "Whoever has started these tests had SIGINT ignored (nohup, or & in a script), and so has every child");
        Script quickstart = Script.start(directory, environment(), "quickstart", with());
        try {
            Eventually.holds(
                    Duration.ofMinutes(2), () -> assertThat(quickstart.out()).contains("Stop:"));
            List<ProcessHandle> started = quickstart.process().descendants().toList();
            assertThat(started).hasSizeGreaterThanOrEqualTo(3); // gateway, engine, metastore

            new ProcessBuilder(
                            "kill", "-INT", String.valueOf(quickstart.process().pid()))
                    .start()
                    .waitFor();

            assertThat(quickstart.end(Duration.ofSeconds(40)).exit()).isEqualTo(130);
            assertThat(started).noneMatch(ProcessHandle::isAlive);
            assertThat(processes()).isEmpty();
        } finally {
            quickstart.process().destroy();
        }
    }

    @Test
    void saysInOneSentenceThatAPortIsTaken() throws Exception {
        String taken = String.valueOf(SharedWorld.get().thriftPort());

        Script.Result run = Script.run(
                directory,
                environment(),
                "quickstart",
                "--no-build",
                "--once",
                "--port",
                taken,
                "--http-port",
                "0",
                "--home-port",
                "0",
                "--admin-port",
                "0");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("Cannot listen on 127.0.0.1:" + taken).contains("--port");
    }

    /** Processes that have the work directory on their command line: engines, the metastore, who makes their archives. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Stream::of)
                        .anyMatch(argument -> argument.contains(directory.toString())))
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** A shell cannot trap what was ignored when it was started. */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_BIT) != 0);
    }

    private Map<String, String> environment() {
        return Map.of("TORII_WORK_DIR", directory.resolve("quick work").toString(), "USER", "newcomer");
    }

    private static String[] with(String... more) {
        return Stream.concat(Stream.of(FREE_PORTS), Stream.of(more)).toArray(String[]::new);
    }
}
