package io.torii.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.settings.SetStatement.Assignment;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Any text is read, and nothing that is put before or inside a SET hides it. */
class SetStatementFuzzTest {
    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
    void whatComesBeforeChangesNothing(@ForAll("texts") String text, @ForAll("gaps") String gap) {
        check(text, gap);
    }

    @Tag("long")
    @Property(tries = 100_000, edgeCases = EdgeCasesMode.NONE)
    void whatComesBeforeChangesNothingInTheLongRun(@ForAll("texts") String text, @ForAll("gaps") String gap) {
        check(text, gap);
    }

    private static void check(String text, String gap) {
        assertThat(SetStatement.of(gap + text)).isEqualTo(SetStatement.of(text));
        assertThat(SetStatement.of(gap + "sEt" + gap + " a.b" + gap + "=x")).contains(new Assignment("a.b", "x"));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "SET", "set", "RESET", " ", "=", "`", "``", "'", "\"", ";", "--", "/*", "*/", "/*+", "\n",
                        "\\\n", "${x}", "${", "a.b", "\0", "\u017F", "\uFEFF", "\uD800", "-v")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }

    /** White space and whole comments, which mean nothing to Spark. */
    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(" ", "\n", "\t", "\u00A0", "/* c */", "/* /* */ */", "-- c\n", "/* SET a=b */", "/**/")
                .list()
                .ofMaxSize(5)
                .map(pieces -> String.join("", pieces));
    }
}
