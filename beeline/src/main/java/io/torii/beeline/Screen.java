package io.torii.beeline;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Standard output and error, and Hive's progress bar on the latter. Hive draws it wherever standard error goes, by going
 * up as many lines as it drew before, whatever was printed in between. Here it is left out unless there is a terminal to
 * draw it on, and taken away before anything else is printed. Thread-safe.
 */
public final class Screen {
    private static final Pattern BAR_AGAIN = Pattern.compile("\u001B\\[\\d+A");
    private static final String BAR_LINE = "\u001B[2K";

    private final PrintStream standardOutput;
    private final PrintStream standardError;
    private final boolean drawsBar;
    private boolean statementRuns;
    private int barLines;

    public Screen(PrintStream standardOutput, PrintStream standardError, boolean drawsBar) {
        this.standardOutput = standardOutput;
        this.standardError = standardError;
        this.drawsBar = drawsBar;
    }

    public PrintStream output() {
        return new PrintStream(new Part(standardOutput), true);
    }

    public PrintStream error() {
        return new PrintStream(new Part(standardError), true);
    }

    public synchronized void statementStarts() {
        statementRuns = true;
    }

    /** What is typed at a prompt moves the cursor, too: from here on nothing is taken for a bar. */
    public synchronized void promptComes() {
        statementRuns = false;
        eraseBar();
    }

    private synchronized void write(PrintStream target, byte[] bytes, int offset, int length) {
        if (statementRuns && target == standardError) {
            String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
            Matcher again = BAR_AGAIN.matcher(text);
            if (again.matches()) {
                eraseBar();
                return;
            }
            if (text.startsWith(BAR_LINE)) {
                if (drawsBar) {
                    target.write(bytes, offset, length);
                    barLines += (int) text.chars().filter(c -> c == '\n').count();
                }
                return;
            }
        }
        eraseBar();
        target.write(bytes, offset, length);
    }

    private void eraseBar() {
        if (barLines > 0) {
            standardOutput.flush();
            standardError.print("\u001B[" + barLines + "A\u001B[J");
            standardError.flush();
            barLines = 0;
        }
    }

    private final class Part extends OutputStream {
        private final PrintStream target;

        Part(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Screen.this.write(target, bytes, offset, length);
        }

        @Override
        public void flush() {
            target.flush();
        }
    }
}
