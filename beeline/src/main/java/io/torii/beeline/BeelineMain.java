package io.torii.beeline;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import jline.TerminalFactory;
import org.apache.hive.beeline.ToriiBeeLine;
import sun.misc.Signal;

/** Starts Hive's Beeline. */
public final class BeelineMain {
    private static final int WIDTH_OF_HIVES_BAR = 94;

    private BeelineMain() {}

    public static void main(String[] words) throws IOException {
        System.exit(run(List.of(words)));
    }

    private static int run(List<String> words) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.of(words, Optional.ofNullable(System.getenv("TORII_URL")));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        boolean interactive = Boolean.getBoolean("torii.terminal") && !arguments.batch();
        boolean drawsBar = interactive && TerminalFactory.get().getWidth() >= WIDTH_OF_HIVES_BAR;
        Screen screen = new Screen(System.out, System.err, drawsBar);
        ToriiBeeLine beeline = new ToriiBeeLine(arguments, screen, interactive);
        Signal.handle(new Signal("INT"), signal -> beeline.interrupt());
        return beeline.run();
    }
}
