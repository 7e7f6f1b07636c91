package org.apache.hive.beeline;

import io.torii.beeline.Arguments;
import io.torii.beeline.Comments;
import io.torii.beeline.Interrupts;
import io.torii.beeline.Screen;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import jline.console.ConsoleReader;
import jline.console.completer.Completer;

/**
 * Hive's Beeline, mended where scripts and people trip over it. In Hive's package, since the methods that have to be
 * mended can be reached from nowhere else.
 */
public final class ToriiBeeLine extends BeeLine {
    private static final int DONE = 0;
    private static final int BAD_ARGUMENTS = 1;
    private static final int FAILED = 2;
    private static final int INTERRUPTED = 130;

    private final Arguments arguments;
    private final Screen screen;
    private final boolean interactive;
    private final Interrupts interrupts = new Interrupts();
    private boolean aCommandFailed;
    private volatile boolean leaving;

    /** @param interactive whether somebody types at a terminal */
    public ToriiBeeLine(Arguments arguments, Screen screen, boolean interactive) {
        this.arguments = arguments;
        this.screen = screen;
        this.interactive = interactive;
        setOutputStream(screen.output());
        setErrorStream(screen.error());
    }

    /** Runs what the arguments say, or asks at a prompt; returns 0, 1 for bad arguments or 2 for any other failure. */
    public int run() throws IOException {
        return begin(arguments.words().toArray(String[]::new), null);
    }

    /** Hive's codes: -1 for bad arguments, the number of failed -e, and 0 for a script that found no server. */
    @Override
    int initArgs(String[] words) {
        int failures = super.initArgs(words);
        if (failures < 0) {
            return BAD_ARGUMENTS;
        }
        return failures > 0 || (aCommandFailed && isExit()) ? FAILED : DONE;
    }

    @Override
    public boolean execCommandWithPrefix(String line) {
        boolean done = super.execCommandWithPrefix(line);
        aCommandFailed |= !done;
        return done;
    }

    /** Hive's goes on with what is to be run when its settings could not be made, and reads prompts from their file. */
    @Override
    int runInit() {
        ConsoleReader reader = getConsoleReader();
        int result = super.runInit();
        setConsoleReader(reader);
        if (result != DONE && arguments.batch() && !getOpts().getForce()) {
            throw new IllegalStateException("The init script failed: nothing else is run");
        }
        return result;
    }

    @Override
    public ConsoleReader initializeConsoleReader(InputStream input) throws IOException {
        if (!(input instanceof FileInputStream)) {
            return super.initializeConsoleReader(input);
        }
        Charset charset = Charset.defaultCharset();
        String script = Comments.remove(new String(input.readAllBytes(), charset));
        ConsoleReader reader = super.initializeConsoleReader(new ByteArrayInputStream(script.getBytes(charset)));
        for (Completer completer : List.copyOf(reader.getCompleters())) {
            reader.removeCompleter(completer);
        }
        return reader;
    }

    @Override
    Statement createStatement() throws SQLException {
        Statement statement = super.createStatement();
        interrupts.running(statement);
        screen.statementStarts();
        return statement;
    }

    @Override
    String getPrompt() {
        screen.promptComes();
        return leaving || (getOpts().isSilent() && !interactive) ? "" : super.getPrompt();
    }

    /** Ctrl-C. */
    public void interrupt() {
        switch (interrupts.next()) {
            case CANCEL -> cancel();
            case LEAVE -> leave();
            case LEAVE_NOW -> Runtime.getRuntime().halt(INTERRUPTED);
        }
    }

    private void cancel() {
        info(loc("interrupt-ctrl-c"));
        try {
            interrupts.cancel();
        } catch (SQLException e) {
            error(e);
        }
    }

    /** What the statement says of the connection that is closed under it is of no interest. */
    private void leave() {
        leaving = true;
        getErrorStream().println();
        setErrorStream(new PrintStream(OutputStream.nullOutputStream()));
        System.exit(INTERRUPTED);
    }
}
