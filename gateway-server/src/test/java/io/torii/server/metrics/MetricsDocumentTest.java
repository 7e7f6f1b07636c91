package io.torii.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics says what the code says; {@code -Dtorii.docs.write=true} writes it afresh. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
    private static final String BEGIN = "<!-- metrics: written by MetricsDocumentTest -->\n";
    private static final String END = "<!-- end of metrics -->";

    @Test
    void theTableIsThatOfTheCode() throws Exception {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        if (Boolean.getBoolean("torii.docs.write")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table() + document.substring(end));
        }

        String written = Files.readString(DOCUMENT);

        assertThat(written.substring(written.indexOf(BEGIN) + BEGIN.length(), written.indexOf(END)))
                .isEqualTo(table());
    }

    @Test
    void noMetricIsToldByUserOrSession() {
        assertThat(Metric.values()).allSatisfy(metric -> assertThat(metric.tags())
                .isSubsetOf("frontend", "outcome", "kind", "state", "content", "cluster"));
    }

    private static String table() {
        return "| metric | kind | tags | meaning |\n|---|---|---|---|\n"
                + Arrays.stream(Metric.values())
                        .map(metric -> "| `" + metric.prometheusName() + "` | "
                                + (metric.kind() == Metric.Kind.TIMER
                                        ? "histogram"
                                        : metric.kind().name().toLowerCase(Locale.ROOT))
                                + " | "
                                + metric.tags().stream()
                                        .map(tag -> "`" + tag + "`")
                                        .collect(Collectors.joining(", "))
                                + " | " + metric.description() + " |\n")
                        .collect(Collectors.joining());
    }
}
