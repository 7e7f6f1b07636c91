package io.torii.engine.yarn.agent.hadoop;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Hadoop's failures mean: they come wrapped, with whole stack traces of servers for messages. */
public final class Causes {
    /** Begins the advice for an impersonation that was refused. */
    public static final String ALLOW_IT = "; have the cluster allow it by ";

    private static final int LONGEST = 400;
    private static final int DEEPEST = 20;
    private static final Pattern NO_ANSWER =
            Pattern.compile("(\\d+) millis timeout while waiting for channel to be ready for ");
    private static final Pattern IMPERSONATION = Pattern.compile("User: ([^/@ ]+)[^ ]* is not allowed to impersonate ");

    private Causes() {}

    /** The innermost cause, in one line. */
    public static String sentence(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : firstLine(cause.getMessage());
        // servers put the name of their exception in front of its message
        String plain = message.replaceFirst("^(?:[a-z_]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ", "");
        Matcher silence = NO_ANSWER.matcher(plain);
        if (silence.lookingAt()) {
            return "no answer within " + silence.group(1) + " ms";
        }
        return (plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…") + advice(plain);
    }

    /** What to do about a failure that many clusters have at first, in whose words that is not said. */
    private static String advice(String sentence) {
        Matcher impersonation = IMPERSONATION.matcher(sentence);
        if (impersonation.find()) {
            return ALLOW_IT + "hadoop.proxyuser." + impersonation.group(1)
                    + ".hosts and .users or .groups, or set impersonation to false";
        }
        return sentence.contains("SIMPLE authentication is not enabled")
                ? "; have core-site.xml in hadoop-conf-dir say so too (hadoop.security.authentication)"
                : "";
    }

    /** Whether the other side could not be spoken to at all. */
    public static boolean isSilence(Throwable failure) {
        return find(failure, ConnectException.class).isPresent()
                || find(failure, NoRouteToHostException.class).isPresent()
                || find(failure, UnknownHostException.class).isPresent()
                || find(failure, SocketTimeoutException.class).isPresent()
                || find(failure, SocketException.class).isPresent()
                || find(failure, EOFException.class).isPresent();
    }

    /** Whether one of the causes has this in its message. */
    public static boolean says(Throwable failure, String text) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause.getMessage() != null && cause.getMessage().contains(text)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String firstLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }
}
