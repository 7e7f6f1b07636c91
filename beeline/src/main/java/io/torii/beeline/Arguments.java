package io.torii.beeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words of the command line, as Hive's Beeline wants them.
 *
 * @param batch whether they name what to run, by -e or -f, so that nobody is asked
 */
public record Arguments(List<String> words, boolean batch) {
    private static final Map<String, String> OTHER_SPELLINGS =
            Map.of("--conf", "--hiveconf", "--password-file", "-w", "--reconnect", "-r");
    private static final Set<String> WITH_A_VALUE = Set.of(
            "-u",
            "-c",
            "-n",
            "-w",
            "-a",
            "-d",
            "-i",
            "-e",
            "-f",
            "--hiveconf",
            "-hiveconf",
            "--hivevar",
            "-hivevar",
            "--property-file",
            "-property-file");
    private static final Set<String> CONNECTING =
            Set.of("-u", "-c", "-r", "--property-file", "-property-file", "-h", "-help", "--help");
    private static final String OUTPUT_FORMAT = "--outputformat=";
    private static final List<String> OUTPUT_FORMATS =
            List.of("table", "vertical", "csv2", "tsv2", "dsv", "csv", "tsv", "xmlattr", "xmlelements");

    public Arguments {
        words = List.copyOf(words);
    }

    /**
     * Puts right what Beeline would misunderstand.
     *
     * @param defaultUrl where to connect if the words do not say it
     * @throws IllegalArgumentException for what cannot be put right, with a sentence for the user
     */
    public static Arguments of(List<String> typed, Optional<String> defaultUrl) {
        List<String> settings = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Set<String> options = new HashSet<>();
        for (Iterator<String> rest = typed.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            String option = OTHER_SPELLINGS.getOrDefault(word, word);
            if (isSetting(option)) {
                checkOutputFormat(option);
                settings.add(option);
                continue;
            }
            options.add(option);
            words.add(option);
            if (WITH_A_VALUE.contains(option) && rest.hasNext()) {
                words.add(value(option, rest.next()));
            }
        }
        if (options.contains("-e") && options.contains("-f")) {
            throw new IllegalArgumentException("The '-e' and '-f' options cannot be specified simultaneously");
        }
        if (defaultUrl.isPresent() && options.stream().noneMatch(CONNECTING::contains)) {
            words.addAll(0, List.of("-u", defaultUrl.get()));
        }
        words.addAll(0, settings);
        return new Arguments(words, options.contains("-e") || options.contains("-f"));
    }

    /** These come first: behind -e or -i Beeline's parser would take them for one more statement or script. */
    private static boolean isSetting(String word) {
        return word.startsWith("--") && word.length() > 2 && !WITH_A_VALUE.contains(word) && !word.equals("--help");
    }

    private static void checkOutputFormat(String word) {
        if (word.toLowerCase(Locale.ROOT).startsWith(OUTPUT_FORMAT)) {
            String format = word.substring(OUTPUT_FORMAT.length());
            if (!OUTPUT_FORMATS.contains(format)) {
                throw new IllegalArgumentException(
                        "Unknown output format '" + format + "': one of " + String.join(", ", OUTPUT_FORMATS));
            }
        }
    }

    private static String value(String option, String value) {
        return switch (option) {
            case "-u" -> unquoted(value);
            case "-w" -> readable(value);
            case "-e" -> unlikeAQuotedWord(Comments.remove(value));
            default -> value;
        };
    }

    private static String readable(String passwordFile) {
        if (!Files.isReadable(Path.of(passwordFile))) {
            throw new IllegalArgumentException("The password file " + passwordFile + " cannot be read");
        }
        return passwordFile;
    }

    /** Airflow puts quotes around its URL, for a shell that is not there. */
    private static String unquoted(String url) {
        boolean quoted = url.length() > 1
                && url.charAt(0) == url.charAt(url.length() - 1)
                && (url.charAt(0) == '"' || url.charAt(0) == '\'');
        return quoted ? url.substring(1, url.length() - 1) : url;
    }

    /** Beeline's parser takes a quotation mark off either end of a word: {@code SELECT "a"} would lose one. */
    private static String unlikeAQuotedWord(String sql) {
        return sql.startsWith("\"") || sql.endsWith("\"") ? " " + sql + " " : sql;
    }
}
