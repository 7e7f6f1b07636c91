package io.torii.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes what a Java virtual machine is started with. */
public final class JvmArguments {
    /** What Spark's JavaModuleOptions asks for on Java 17. */
    public static final List<String> FOR_SPARK = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
            "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
            "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
            "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
            "-Djdk.reflect.useDirectMethodHandle=false");

    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([bkmgt]?)b?");
    private static final Pattern WORD = Pattern.compile("((?:[^\\s\"'\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*')+)");
    private static final Pattern PART =
            Pattern.compile("\\\\(.)|\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|([^\\s\"'\\\\]+)");

    private JvmArguments() {}

    /**
     * The text of a file that {@code java @file} reads: values stay off the command line, which everybody on the host
     * can see.
     */
    public static String file(List<String> arguments) {
        StringBuilder text = new StringBuilder();
        for (String argument : arguments) {
            if (argument.indexOf('\n') >= 0 || argument.indexOf('\r') >= 0) {
                throw new IllegalArgumentException(
                        "JVM argument with a line break: " + argument.lines().findFirst());
            }
            text.append('"')
                    .append(argument.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"\n");
        }
        return text.toString();
    }

    /** Splits options as a shell would, the way Spark does with {@code extraJavaOptions}. */
    public static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(options);
        while (matcher.find()) {
            words.add(unquoted(matcher.group(1)));
        }
        return words;
    }

    private static String unquoted(String word) {
        StringBuilder plain = new StringBuilder();
        Matcher matcher = PART.matcher(word);
        while (matcher.find()) {
            if (matcher.group(2) != null) {
                plain.append(matcher.group(2).replaceAll("\\\\([\"\\\\])", "$1"));
            } else {
                plain.append(
                        matcher.group(1) != null
                                ? matcher.group(1)
                                : matcher.group(3) != null ? matcher.group(3) : matcher.group(4));
            }
        }
        return plain.toString();
    }

    /** {@code -Xmx} for a size as Spark writes it: {@code 2g}, {@code 512m}, a bare number is mebibytes. */
    public static String heap(String size) {
        Matcher matcher = SIZE.matcher(size.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "spark.driver.memory is '" + size + "', expected a size such as 512m or 2g");
        }
        String unit = matcher.group(2);
        String digits = matcher.group(1);
        return switch (unit) {
            case "" -> "-Xmx" + digits + "m";
            case "b" -> "-Xmx" + digits;
            default -> "-Xmx" + digits + unit;
        };
    }
}
