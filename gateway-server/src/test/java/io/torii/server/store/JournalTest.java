package io.torii.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
    @Test
    void aLaterSetOfTheSameKeyReplacesTheEarlier() {
        assertThat(after(List.of("SET a.b=1", "SET c=2", "use x"), "set a.b = 3;"))
                .containsExactly(0);
    }

    @Test
    void aUseOfTheSameNameReplacesTheEarlier() {
        assertThat(after(List.of("USE a", "USE b", "SET k=1"), "use a ;")).containsExactly(0);
    }

    @Test
    void aUseOfAnotherNameReplacesNothingSinceItMayMeanADatabaseOfTheEarlierCatalog() {
        assertThat(after(List.of("USE iceberg"), "USE sales")).isEmpty();
    }

    @Test
    void nothingIsReplacedAcrossAStatementThatMayHaveSeenIt() {
        assertThat(after(
                        List.of("SET spark.sql.ansi.enabled=true", "CREATE TEMPORARY VIEW v AS SELECT 1"),
                        "SET spark.sql.ansi.enabled=false"))
                .isEmpty();
        assertThat(after(List.of("USE a", "RESET"), "USE a")).isEmpty();
        assertThat(after(List.of("USE a", "CREATE TEMPORARY VIEW v AS SELECT * FROM t", "USE b"), "USE a"))
                .isEmpty();
    }

    @Test
    void nothingIsReplacedAcrossAVariableNorByOne() {
        assertThat(after(List.of("SET day=1", "SET b=${day}"), "SET day=2")).isEmpty();
        assertThat(after(List.of("SET day=1", "USE ${hiveconf:day}"), "SET day=2"))
                .isEmpty();
        assertThat(after(List.of("SET b=1"), "SET b=${b}1")).isEmpty();
    }

    @Test
    void keysAreToldApart() {
        assertThat(after(List.of("SET a=1"), "SET A=1")).isEmpty();
        assertThat(after(List.of("SET a=1"), "SET a.b=1")).isEmpty();
    }

    @Test
    void aSessionVariableIsNoSetting() {
        assertThat(after(List.of("SET VAR x = x + 1"), "SET VAR x = x + 1")).isEmpty();
        assertThat(after(List.of("SET VARIABLE x = 1"), "SET VARIABLE x = 2")).isEmpty();
        assertThat(after(List.of("SET CATALOG a"), "SET CATALOG b")).isEmpty();
    }

    @Test
    void whatIsAsGoodAsOnceIsKeptOnce() {
        assertThat(after(List.of("RESET"), "RESET")).containsExactly(0);
        assertThat(after(List.of("ADD JAR a.jar"), "ADD JAR a.jar")).containsExactly(0);
        assertThat(after(
                        List.of("CREATE OR REPLACE TEMPORARY VIEW v AS SELECT n + 1 AS n FROM v"),
                        "CREATE OR REPLACE TEMPORARY VIEW v AS SELECT n + 1 AS n FROM v"))
                .isEmpty();
    }

    @Test
    void isFullOfManyLinesOrLongOnes() {
        assertThat(Journal.isFull(Collections.nCopies(Journal.MAX_LINES - 1, "USE a")))
                .isFalse();
        assertThat(Journal.isFull(Collections.nCopies(Journal.MAX_LINES, "USE a")))
                .isTrue();
        assertThat(Journal.isFull(List.of("x".repeat(Journal.MAX_CHARACTERS)))).isTrue();
    }

    private static List<Integer> after(List<String> lines, String added) {
        return Journal.superfluous(lines, added);
    }
}
