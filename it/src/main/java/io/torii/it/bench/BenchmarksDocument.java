package io.torii.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code docs/benchmarks.md}, in which tables stand between two comments that have their name. */
record BenchmarksDocument(Path file) {
    /** Puts the lines where that table was; everything else stays as it is. */
    void replace(String table, List<String> lines) throws IOException {
        String text = Files.readString(file);
        String from = "<!-- " + table + " -->\n";
        String to = "<!-- end of " + table + " -->";
        int start = text.indexOf(from);
        int end = text.indexOf(to);
        if (start < 0 || end < start) {
            throw new IllegalStateException("There is no '" + from.strip() + "' with its end in " + file);
        }
        Files.writeString(
                file,
                text.substring(0, start + from.length()) + "\n" + String.join("\n", lines) + "\n\n"
                        + text.substring(end));
    }
}
