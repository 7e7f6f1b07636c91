package io.torii.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.it.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksDocumentTest {
    @TempDir
    Path directory;

    @Test
    void replacesOneTableAndLeavesTheRest() throws Exception {
        Path file = Files.writeString(
                directory.resolve("benchmarks.md"), "before\n<!-- one -->\nold\n<!-- end of one -->\nafter\n");

        new BenchmarksDocument(file).replace("one", List.of("| new |", "|---|"));

        assertThat(file).hasContent("before\n<!-- one -->\n\n| new |\n|---|\n\n<!-- end of one -->\nafter\n");
    }

    @Test
    void saysWhichTableItMisses() throws Exception {
        Path file = Files.writeString(directory.resolve("benchmarks.md"), "nothing\n");

        assertThatThrownBy(() -> new BenchmarksDocument(file).replace("one", List.of()))
                .hasMessage("There is no '<!-- one -->' with its end in " + file);
    }

    @Test
    void theDocumentHasAPlaceForBothTables() throws Exception {
        assertThat(Home.directory().resolve("docs/benchmarks.md"))
                .content()
                .contains(
                        "<!-- opponents -->",
                        "<!-- end of opponents -->",
                        "<!-- gateway -->",
                        "<!-- end of gateway -->");
    }
}
