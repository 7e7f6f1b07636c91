package io.torii.beeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hive.beeline.ToriiBeeLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, and what goes where, without a server; with one: {@code BeelineTest} in {@code it}. */
class ToriiBeeLineTest {
    private static final String NOBODY = "jdbc:hive2://127.0.0.1:1/default";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void succeedsWithHelp() throws IOException {
        assertThat(exitCode("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("-u <database url>");
    }

    @Test
    void refusesAnOptionThatDoesNotExist() throws IOException {
        assertThat(exitCode("-z")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("Unrecognized option: -z");
    }

    @Test
    void failsStatementsWithoutAServer() throws IOException {
        assertThat(exitCode("-u", NOBODY, "-e", "SELECT 1")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("127.0.0.1:1/default", "Connection refused (state=08S01,code=0)");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void failsAScriptWithoutAServer() throws IOException {
        Path script = Files.writeString(directory.resolve("script.sql"), "SELECT 1;\n");

        assertThat(exitCode("-u", NOBODY, "-f", script.toString())).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void failsWithoutAServerEvenIfThereIsNothingToRun() throws IOException {
        assertThat(exitCode("-u", NOBODY)).isEqualTo(2);
    }

    @Test
    void failsAScriptThatIsNotThere() throws IOException {
        assertThat(exitCode("-f", directory.resolve("no.sql").toString())).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("no.sql (No such file or directory)");
    }

    @Test
    void endsAScriptAtItsFirstErrorUnlessItIsForced() throws IOException {
        Path script = Files.writeString(directory.resolve("stops.sql"), "SELECT 1;\n!sh echo reached\n");

        assertThat(exitCode("-f", script.toString())).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(exitCode("--force=true", "-f", script.toString())).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("reached\n");
    }

    @Test
    void runsAScriptAroundItsComments() throws IOException {
        Path script = Files.writeString(
                directory.resolve("comments.sql"),
                "/* don't\n!sh echo commented out\n*/\n-- nor this\n!sh echo /* kept\n");

        assertThat(exitCode("-f", script.toString())).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("/* kept\n");
    }

    @Test
    void promptsNobodyInSilence() throws IOException {
        Path script = Files.writeString(directory.resolve("silent.sql"), "!sh echo done\n");

        assertThat(exitCode("--silent=true", "-f", script.toString())).isZero();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    private int exitCode(String... words) throws IOException {
        Screen screen = new Screen(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);
        return new ToriiBeeLine(Arguments.of(List.of(words), Optional.empty()), screen, false).run();
    }
}
