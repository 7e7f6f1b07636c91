package io.torii.server.engine;

import java.util.regex.Pattern;

/** Texts of others, fit for one line of a log. */
public final class LogText {
    private static final int MAX_LENGTH = 2_000;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

    private LogText() {}

    /** The text with a question mark for each control character, and no longer than a screen. */
    public static String oneLine(String text) {
        String line = CONTROL.matcher(String.valueOf(text)).replaceAll("?");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
    }
}
