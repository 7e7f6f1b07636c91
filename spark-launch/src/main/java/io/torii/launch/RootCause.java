package io.torii.launch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a process ended, in one sentence, from the end of its log and its exit code. */
public final class RootCause {
    private static final int MAX_LENGTH = 600;
    private static final Pattern OWN_WORDS = Pattern.compile("(?:^|.*\\s)Torii engine failed: (.+)");
    private static final Pattern MEMORY = Pattern.compile(".*java\\.lang\\.OutOfMemoryError(?:: (.*))?");
    private static final Pattern CAUSED_BY = Pattern.compile("\\s*Caused by: (.+)");
    private static final Pattern THREAD = Pattern.compile("Exception in thread \".*\" (.+)");
    private static final Pattern JVM_ERROR = Pattern.compile(
            "(?:Error: (?!A JNI error|A fatal exception|Could not create the Java|Caused by)|Unrecognized (?:VM )?option|"
                    + "Invalid (?:maximum|initial) heap size|Too small (?:maximum|initial) heap|Conflicting |There is "
                    + "insufficient memory).*");
    private static final Pattern VM_INITIALIZATION = Pattern.compile("Error occurred during initialization of .*");
    private static final Pattern LOGGED =
            Pattern.compile("(?:[0-9/.:,TZ-]+ ){1,2}(?:ERROR|FATAL) (?:[\\w.$-]+: )?(.+)");
    private static final Pattern EXCEPTION =
            Pattern.compile("(?:[a-z_]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error)(?:: .*)?");

    private RootCause() {}

    /** The sentence for a process that nobody asked to end. */
    public static String of(String log, OptionalInt exitCode) {
        List<String> lines = log.lines().map(String::stripTrailing).toList();
        String ending = exitCode.isPresent() ? ending(exitCode.getAsInt()) : "";
        Optional<String> cause = cause(lines);
        if (cause.isPresent()) {
            return cut(cause.get() + (ending.isEmpty() ? "" : " (" + ending + ")"));
        }
        String what = ending.isEmpty() ? "The process ended" : "The process ended: " + ending;
        return cut(lastWords(lines)
                .map(words -> what + ", its last words: " + words)
                .orElse(what + ", its log is empty"));
    }

    private static Optional<String> cause(List<String> lines) {
        return last(lines, RootCause::ownWords)
                .or(() -> last(lines, RootCause::memory))
                .or(() -> initialization(lines))
                .or(() -> last(lines, line -> JVM_ERROR.matcher(line).matches() ? Optional.of(line) : Optional.empty()))
                .or(() -> lastException(lines))
                .or(() -> last(lines, line -> group(LOGGED, line)));
    }

    private static Optional<String> ownWords(String line) {
        return group(OWN_WORDS, line);
    }

    private static Optional<String> memory(String line) {
        Matcher matcher = MEMORY.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String kind = matcher.group(1) == null ? "" : " (" + matcher.group(1) + ")";
        return Optional.of("Out of memory" + kind + ": raise spark.driver.memory");
    }

    /** The virtual machine says what is wrong in the line after this one. */
    private static Optional<String> initialization(List<String> lines) {
        for (int i = 0; i < lines.size() - 1; i++) {
            if (VM_INITIALIZATION.matcher(lines.get(i)).matches()) {
                return Optional.of(lines.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** Of the last stack trace the innermost cause. */
    private static Optional<String> lastException(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            Optional<String> found = group(CAUSED_BY, line).or(() -> group(THREAD, line));
            if (found.isEmpty() && EXCEPTION.matcher(line).matches() && followedByFrame(lines, i)) {
                found = Optional.of(line);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean followedByFrame(List<String> lines, int index) {
        return index + 1 < lines.size() && lines.get(index + 1).startsWith("\tat ");
    }

    private static Optional<String> last(List<String> lines, Function<String, Optional<String>> reading) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            Optional<String> found = reading.apply(lines.get(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> lastWords(List<String> lines) {
        return last(lines, line -> line.isBlank() ? Optional.empty() : Optional.of(line.strip()));
    }

    private static Optional<String> group(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    /** What an exit code says, in words. */
    public static String ending(int exitCode) {
        return switch (exitCode) {
            case 128 + 4 -> "killed by SIGILL";
            case 128 + 6 -> "killed by SIGABRT";
            case 128 + 7 -> "killed by SIGBUS";
            case 128 + 9 -> "killed by SIGKILL, perhaps by the system for want of memory";
            case 128 + 11 -> "killed by SIGSEGV";
            case 128 + 1 -> "ended by SIGHUP";
            case 128 + 2 -> "ended by SIGINT";
            case 128 + 15 -> "ended by SIGTERM";
            default -> "exit code " + exitCode;
        };
    }

    private static String cut(String sentence) {
        String line = sentence.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
