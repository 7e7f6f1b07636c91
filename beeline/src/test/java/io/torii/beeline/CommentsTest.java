package io.torii.beeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommentsTest {
    @Test
    void removesCommentsThatStartALine() {
        assertThat(Comments.remove("-- don't; stop\n  # nor; here\nSELECT 1")).isEqualTo("\n  \nSELECT 1");
    }

    @Test
    void removesCommentsThatEndALine() {
        assertThat(Comments.remove("SELECT 1 -- it's; one\n, 2")).isEqualTo("SELECT 1 \n, 2");
    }

    @Test
    void removesBlocksAndKeepsTheirLines() {
        assertThat(Comments.remove("SELECT/* don't;\n stop; */1")).isEqualTo("SELECT \n1");
    }

    @Test
    void removesBlocksWithinBlocks() {
        assertThat(Comments.remove("SELECT 1 /* a; /* b; */ c; */, 2")).isEqualTo("SELECT 1  , 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT /*+ BROADCAST(t) */ * FROM t",
                "SELECT '-- ; /* no comment */', \"/* nor this */\", `--`",
                "SELECT 'it\\'s -- one'",
                "SELECT '#\n# still the string\n'",
                "SELECT 4 / 2 * 3 - 1 # 2",
                "!sh ls /tmp/* -- '\nSELECT 1"
            })
    void keepsWhatIsNoComment(String sql) {
        assertThat(Comments.remove(sql)).isEqualTo(sql);
    }

    @Test
    void takesALineForBeelinesOnlyWhereAStatementStarts() {
        assertThat(Comments.remove("SELECT 1\n!= 2 -- not equal\n;\n!sh echo -- kept"))
                .isEqualTo("SELECT 1\n!= 2 \n;\n!sh echo -- kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADD JAR /jars/*;\nSELECT 1;", "SELECT 'no end -- here"})
    void leavesTheRestAloneWhereSomethingDoesNotEnd(String sql) {
        assertThat(Comments.remove(sql)).isEqualTo(sql);
    }
}
