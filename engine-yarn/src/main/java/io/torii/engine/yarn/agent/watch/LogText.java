package io.torii.engine.yarn.agent.watch;

/** The text that YARN puts around a log, taken away. */
final class LogText {
    private static final String BEGIN = "\nLogContents:";
    private static final String END = "\nEnd of LogType:";

    private LogText() {}

    /** The log itself, from the beginning of a line on if its beginning has been cut off. */
    static String content(String text) {
        int begin = text.indexOf(BEGIN);
        if (begin < 0) {
            return "";
        }
        String head = text.substring(0, begin);
        String rest = text.substring(begin + BEGIN.length());
        int end = rest.lastIndexOf(END);
        String content = (end < 0 ? rest : rest.substring(0, end)).stripLeading();
        return content.length() < length(head) ? content.substring(content.indexOf('\n') + 1) : content;
    }

    private static long length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("LogLength:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("LogLength:".length()).strip()))
                .findFirst()
                .orElse(0);
    }
}
