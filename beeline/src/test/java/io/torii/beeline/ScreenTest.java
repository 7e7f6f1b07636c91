package io.torii.beeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.hadoop.hive.common.log.InPlaceUpdate;
import org.apache.hadoop.hive.common.log.ProgressMonitor;
import org.junit.jupiter.api.Test;

/** With Hive's own progress bar. */
class ScreenTest {
    private static final String GONE = "\u001B[7A\u001B[J";
    private static final String RULE = "-".repeat(94);

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(terminal, true, UTF_8);

    @Test
    void leavesTheBarOutWhereThereIsNoTerminal() {
        Screen screen = new Screen(stream, stream, false);
        InPlaceUpdate bar = new InPlaceUpdate(screen.error());
        screen.statementStarts();

        bar.render(new HalfDone());
        screen.error().print("a line of the log\n");
        bar.render(new HalfDone());

        assertThat(terminal.toString(UTF_8)).isEqualTo("a line of the log\n");
    }

    @Test
    void drawsTheBarInPlace() {
        Screen screen = new Screen(stream, stream, true);
        InPlaceUpdate bar = new InPlaceUpdate(screen.error());
        screen.statementStarts();

        bar.render(new HalfDone());
        String once = terminal.toString(UTF_8);
        bar.render(new HalfDone());

        assertThat(once).contains(RULE, "VERTICES", "Stage-1", "[=============>>-------------]", "50%");
        assertThat(terminal.toString(UTF_8)).startsWith(once + GONE).hasSizeGreaterThan(2 * once.length() - 20);
    }

    @Test
    void takesTheBarAwayBeforeAnythingElseIsPrinted() {
        Screen screen = new Screen(stream, stream, true);
        InPlaceUpdate bar = new InPlaceUpdate(screen.error());
        screen.statementStarts();

        bar.render(new HalfDone());
        screen.error().print("a line of the log\n");
        bar.render(new HalfDone());
        screen.output().print("a row\n");
        screen.error().print("1 row selected\n");

        assertThat(terminal.toString(UTF_8))
                .containsOnlyOnce(RULE + "\n" + GONE + "a line of the log\n\u001B[2K" + RULE)
                .endsWith(RULE + "\n" + GONE + "a row\n1 row selected\n");
    }

    @Test
    void leavesAloneWhatIsTypedAtAPrompt() {
        Screen screen = new Screen(stream, stream, true);
        screen.statementStarts();
        screen.promptComes();

        screen.error().print("\u001B[2A");
        screen.error().print("\u001B[2Kprompt> ");

        assertThat(terminal.toString(UTF_8)).isEqualTo("\u001B[2A\u001B[2Kprompt> ");
    }

    private static final class HalfDone implements ProgressMonitor {
        @Override
        public List<String> headers() {
            return List.of(
                    "VERTICES", "MODE", "STATUS", "TOTAL", "COMPLETED", "RUNNING", "PENDING", "FAILED", "KILLED");
        }

        @Override
        public List<List<String>> rows() {
            return List.of(List.of("Stage-1", "spark", "RUNNING", "2", "1", "1", "0", "0", "0"));
        }

        @Override
        public String footerSummary() {
            return "STAGES: 00/01";
        }

        @Override
        public long startTime() {
            return 0;
        }

        @Override
        public String executionStatus() {
            return "RUNNING";
        }

        @Override
        public double progressedPercentage() {
            return 0.5;
        }
    }
}
