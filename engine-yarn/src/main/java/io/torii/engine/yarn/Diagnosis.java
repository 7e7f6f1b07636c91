package io.torii.engine.yarn;

import io.torii.engine.yarn.message.ApplicationRow;
import io.torii.launch.RootCause;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What YARN's many words about an application mean, in one sentence. Pure functions. */
final class Diagnosis {
    private static final int LONGEST = 600;
    private static final Pattern OWN_WORDS = Pattern.compile("Torii engine failed: ([^\\n]+)");
    private static final Pattern USER_CLASS = Pattern.compile("User class threw exception: ([^\\n]+)");
    private static final Pattern EXIT_CODE = Pattern.compile("exited with +exitCode: (-?\\d+)");
    /** Without the advice that YARN adds to it. */
    private static final String TO_THE_ADVICE =
            "(.*?)(?:\\nFor more detailed output, |\\n?\\. Failing the application\\.|\\z)";

    private static final Pattern STDERR =
            Pattern.compile("Last \\d+ bytes of stderr :\\n" + TO_THE_ADVICE, Pattern.DOTALL);
    private static final Pattern DETAILS =
            Pattern.compile("Diagnostics: (?:\\[[^]]*])?" + TO_THE_ADVICE, Pattern.DOTALL);

    private static final Pattern KILLED_BY = Pattern.compile("Application .* was killed by user (\\S+)(?: at (\\S+))?");
    private static final Pattern MEMORY_LIMIT = Pattern.compile(
            "beyond the '?(PHYSICAL|VIRTUAL)'? memory limit.*?Current usage: ([^;]+? memory used)", Pattern.DOTALL);

    private Diagnosis() {}

    /** Why it ended; empty if YARN's words alone do not say, and the driver's log may. */
    static Optional<String> ofEnd(ApplicationRow application) {
        String words = application.diagnostics();
        Optional<String> killed = find(KILLED_BY, words)
                .map(match -> "it was killed by " + match.group(1)
                        + (match.group(2) == null ? "" : " from " + match.group(2)));
        return killed.or(() -> find(MEMORY_LIMIT, words)
                        .map(match -> "YARN killed the driver for its memory (" + match.group(2)
                                + "): raise spark.driver.memory or spark.driver.memoryOverhead"))
                .or(() -> find(OWN_WORDS, words).map(match -> match.group(1)))
                .or(() -> find(USER_CLASS, words).map(match -> match.group(1)))
                .or(() -> byYarn(words))
                .or(() -> find(STDERR, words)
                        .map(match -> match.group(1))
                        .filter(written -> !written.isBlank())
                        .map(written -> ofLog(written, words)))
                .map(Diagnosis::cut);
    }

    /** Why it ended, from what its driver has written last; from YARN's own words if it has written nothing. */
    static String ofLog(String log, String words) {
        OptionalInt exitCode = exitCode(words);
        if (!log.isBlank()) {
            return cut(RootCause.of(log, exitCode));
        }
        return cut(
                exitCode.isEmpty()
                        ? first(words)
                        : "its driver ended (" + RootCause.ending(exitCode.getAsInt())
                                + "), and its log cannot be read yet");
    }

    /**
     * Where it was YARN that ended the driver or could not start it, whatever the driver has written; with the numbers of
     * {@code ContainerExitStatus}.
     */
    private static Optional<String> byYarn(String words) {
        OptionalInt exitCode = exitCode(words);
        if (exitCode.isEmpty() || exitCode.getAsInt() >= 0) {
            return Optional.empty();
        }
        String details = find(DETAILS, words).map(match -> match.group(1)).orElse("");
        return Optional.of(
                switch (exitCode.getAsInt()) {
                    case -100 -> "the node of its driver was lost";
                    case -101 -> "the disks of its driver's node failed";
                    case -102 -> "YARN took the room of its driver for others (preemption)";
                    case -1000 ->
                        "YARN could not start its driver: "
                                + (details.contains("\tat ") ? first(details) : last(details));
                    default -> "YARN ended its driver (" + exitCode.getAsInt() + "): " + first(details);
                });
    }

    private static OptionalInt exitCode(String words) {
        return find(EXIT_CODE, words)
                .map(match -> OptionalInt.of(Integer.parseInt(match.group(1))))
                .orElseGet(OptionalInt::empty);
    }

    private static String first(String text) {
        return lines(text).findFirst().orElse("");
    }

    private static String last(String text) {
        return lines(text).reduce((before, line) -> line).orElse("");
    }

    private static Stream<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }

    /** What an application that has no driver yet waits for, as YARN's scheduler says. */
    static String ofWaiting(ApplicationRow application) {
        String words = application.diagnostics().replaceAll("\\s+", " ").strip();
        String queue = application.queue();
        if (words.contains("Queue's AM resource limit exceeded")) {
            return cut("queue " + queue + " has as many drivers as it may"
                    + ofShare(words, "Queue AM Resource Usage", "Queue Resource Limit for AM")
                    + "; it goes on when one of them ends, or with a larger maximum-am-resource-percent");
        }
        if (words.contains("User's AM resource limit exceeded")) {
            return cut("user " + application.user() + " has as many drivers in queue " + queue + " as one user may"
                    + ofShare(words, "User AM Resource Usage", "User AM Resource Limit of the queue")
                    + "; it goes on when one of them ends, or with a larger user-limit-factor");
        }
        if (words.contains("waiting for resources to be assigned for AM")) {
            return cut("queue " + queue + " has no room for the driver now"
                    + ofShare(
                            words,
                            "Queue's used capacity (absolute resource)",
                            "Queue's max capacity (absolute resource)"));
        }
        String plain = words.replaceFirst("^\\[[^]]*] ", "");
        return cut(plain.isEmpty() ? "" : "YARN says of queue " + queue + ": " + plain);
    }

    /** {@code : 512 MB of 1024 MB and 1 of 2 cores are used}; empty if the scheduler does not say. */
    private static String ofShare(String words, String used, String limit) {
        Optional<Matcher> is = find(amount(used), words);
        Optional<Matcher> most = find(amount(limit), words);
        return is.isEmpty() || most.isEmpty()
                ? ""
                : ": " + is.get().group(1) + " of " + most.get().group(1) + " MB and "
                        + is.get().group(2) + " of " + most.get().group(2) + " cores are used";
    }

    private static Pattern amount(String name) {
        return Pattern.compile(Pattern.quote(name) + " = <memory:(\\d+), vCores:(\\d+)");
    }

    private static Optional<Matcher> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher) : Optional.empty();
    }

    private static String cut(String sentence) {
        String line = sentence.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
