package io.torii.spark.session;

import io.torii.spark.result.ResultException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;

/** Tells from what Spark threw what the user should read. */
public final class Failures {
    /** Their names tell nothing that their messages do not. */
    private static final Set<Class<?>> PLAIN = new HashSet<>(Arrays.asList(
            RuntimeException.class, IllegalArgumentException.class, IllegalStateException.class, IOException.class));

    private static final String TOO_DEEP =
            "The statement is nested too deeply; use fewer levels of brackets and operators, or IN for long chains of OR";
    private static final String NO_SPACE = "No space left on device";
    private static final int MAX_CAUSES = 10;
    private static final int MAX_FRAMES = 15;
    private static final int MAX_MESSAGE = 16 * 1024;
    private static final int MAX_DETAIL = 2000;

    private Failures() {}

    static Failure of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        Throwable speaking = speaking(chain);
        if (!(speaking instanceof ResultException) && isOfFullDisk(chain)) {
            return new Failure("53100", Failure.FAILED, fullDisk(), details(chain));
        }
        if (chain.get(chain.size() - 1) instanceof StackOverflowError) {
            return new Failure("54001", Failure.FAILED, TOO_DEEP, details(chain));
        }
        String message = withRoot(message(speaking), speaking, chain.get(chain.size() - 1));
        return new Failure(sqlState(speaking), Failure.FAILED, shorten(message, MAX_MESSAGE), details(chain));
    }

    private static boolean isOfFullDisk(List<Throwable> chain) {
        Throwable root = chain.get(chain.size() - 1);
        return root instanceof IOException && String.valueOf(root.getMessage()).contains(NO_SPACE);
    }

    private static String fullDisk() {
        SparkEnv spark = SparkEnv.get();
        String directory = spark == null ? "" : " " + spark.conf().get("spark.local.dir", "");
        return "The engine's disk is full: " + NO_SPACE + " in its local directory" + directory
                + ", or where the statement writes; make room there, or run it on less data";
    }

    /** What has an error class may be a wrapper all the same. */
    private static String withRoot(String said, Throwable speaking, Throwable root) {
        boolean told =
                root.getMessage() != null && said.contains(root.getMessage().trim());
        return told || speaking == root ? said : said + ": " + message(root);
    }

    /** The first line of what {@link #of} says. */
    static String sentence(Throwable thrown) {
        return firstLine(of(thrown).message());
    }

    /** What failed and its root cause, on one line. */
    public static String rootCause(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        String what = firstLine(message(chain.get(0)));
        String root = firstLine(message(chain.get(chain.size() - 1)));
        boolean told = what.contains(root)
                || what.contains(root.substring(root.indexOf(':') + 1).trim());
        return shorten(told ? what : what + ": " + root, MAX_DETAIL);
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /**
     * The innermost of Spark's own errors that has a class, or what a task failed with: what wraps these tells of stages and
     * tasks only.
     */
    private static Throwable speaking(List<Throwable> chain) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            Throwable candidate = chain.get(i);
            if (candidate instanceof ResultException || errorClass(candidate) != null) {
                return candidate;
            }
        }
        Throwable outermost = chain.get(0);
        boolean inTask = outermost instanceof SparkException
                && String.valueOf(outermost.getMessage()).startsWith("Job aborted");
        return inTask ? chain.get(chain.size() - 1) : outermost;
    }

    private static String errorClass(Throwable thrown) {
        return thrown instanceof SparkThrowable ? ((SparkThrowable) thrown).getErrorClass() : null;
    }

    private static String sqlState(Throwable thrown) {
        if (thrown instanceof ResultException) {
            return ((ResultException) thrown).sqlState();
        }
        String known = thrown instanceof SparkThrowable ? ((SparkThrowable) thrown).getSqlState() : null;
        if (known != null) {
            return known;
        }
        if (thrown instanceof ParseException) {
            return "42601";
        }
        if (thrown instanceof AnalysisException) {
            return "42000";
        }
        if (thrown instanceof OutOfMemoryError) {
            return "53200";
        }
        return thrown instanceof Error ? "XX000" : "HY000";
    }

    private static String message(Throwable thrown) {
        String said;
        if (thrown instanceof AnalysisException && !(thrown instanceof ParseException)) {
            // without the plan, which getMessage appends
            said = ((AnalysisException) thrown).getSimpleMessage();
        } else {
            said = thrown.getMessage();
        }
        if (said == null || said.trim().isEmpty()) {
            return thrown.getClass().getName();
        }
        boolean selfExplaining = thrown instanceof SparkThrowable
                || thrown instanceof ResultException
                || PLAIN.contains(thrown.getClass());
        String text = selfExplaining ? said.trim() : thrown.getClass().getSimpleName() + ": " + said.trim();
        return text + clientsOwnWords(thrown);
    }

    /** PyHive, Superset and dbt recognise a missing table by the words of Hive and of older Sparks. */
    private static String clientsOwnWords(Throwable thrown) {
        if (!"TABLE_OR_VIEW_NOT_FOUND".equals(errorClass(thrown))) {
            return "";
        }
        String quoted = ((SparkThrowable) thrown).getMessageParameters().get("relationName");
        String table = quoted == null ? "" : quoted.replace("`", "");
        return "\nTable or view not found: " + table + " (SemanticException Table not found " + table + ")";
    }

    private static List<String> details(List<Throwable> chain) {
        List<String> details = new ArrayList<>();
        for (Throwable thrown : chain.subList(0, Math.min(chain.size(), MAX_CAUSES))) {
            details.add(shorten(thrown.getClass().getName() + ": " + thrown.getMessage(), MAX_DETAIL));
            StackTraceElement[] frames = thrown.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                details.add("    at " + frames[i]);
            }
        }
        return details;
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable next = thrown; next != null && seen.add(next); next = next.getCause()) {
            chain.add(next);
        }
        return chain;
    }

    private static String shorten(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
