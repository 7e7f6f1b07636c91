package io.torii.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.server.settings.SetStatement.Assignment;
import io.torii.server.settings.SetStatement.Obscured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetStatementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET spark.jars=x",
                "set spark.jars = x ;",
                "  \n\tSeT\tspark.jars=x",
                "-- comment\nSET spark.jars=x",
                "-- comment \\\n still comment\nSET spark.jars=x",
                "/* comment */ SET spark.jars=x",
                "/* a /* nested */ comment */SET spark.jars=x",
                "/* a hint is not nested /*+ */SET spark.jars=x",
                "/* /*+ */ /* /* */ /*+ */ SET spark.jars=x",
                "SET \0`spark.jars`=x",
                "SET \u0001spark.jars\u001F=x",
                "SET /* inside */ `spark.jars` = x",
                "SET -- inside\n`spark.jars`=`x`",
                "SET`spark.jars`=x",
                "SET `spark`.`jars`=x",
                ";;SET spark.jars=x;;",
                "\uFEFF\u00A0SET\u00A0spark.jars=x",
                "\u017Fet spark.jars=x"
            })
    void findsWhatIsSetAsSparkWould(String sql) {
        assertThat(SetStatement.of(sql)).contains(new Assignment("spark.jars", "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${word} spark.jars=x",
                "S${rest} spark.jars=x",
                "SET ${key}=x",
                "SET spark.${key}=x",
                "SET `${key}`=x",
                "SET ${all}",
                "/* ${close} SET spark.jars=x -- */",
                "/* ${closeSetOpen} */",
                "-- ${breakSet}",
                "-- for ${day}\nselect 1",
                "RESET ${key}",
                "RESET `${key}`",
                "RE${rest} spark.jars",
                "SET /* ${close} */ spark.jars=x"
            })
    void noticesThatAVariableDecidesWhatTheStatementDoes(String sql) {
        assertThat(SetStatement.of(sql)).contains(new Obscured());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SET",
                "SET -v",
                "SET spark.jars",
                "RESET",
                " reset ; -- all",
                "RESETTING spark.jars",
                "SETTINGS = 1",
                "SELECT 1 AS `SET a=b`",
                "select '${day}' = 1",
                "-- SET spark.jars=x\nselect 1",
                "/* never closed SET spark.jars=x"
            })
    void everythingElseIsNone(String sql) {
        assertThat(SetStatement.of(sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RESET spark.jars",
                "/* c */ reset\n`spark.jars` ;",
                "RESET\0spark.jars",
                "Re\u017Fet spark.jars;;",
            })
    void resettingAKeyChangesItToo(String sql) {
        assertThat(SetStatement.of(sql)).contains(new Assignment("spark.jars", ""));
    }

    @Test
    void aValueMayHoldAnything() {
        assertThat(SetStatement.of("SET a.b=${c} = -- d")).contains(new Assignment("a.b", "${c} = -- d"));
        assertThat(SetStatement.of("SET a.b='it''s'")).contains(new Assignment("a.b", "it''s"));
        assertThat(SetStatement.of("SET a.b=")).contains(new Assignment("a.b", ""));
    }

    /** Megabytes that a client sends cost no more than looking at them: with a copy for each it would be hours. */
    @Test
    @Timeout(20)
    void isDoneInOnePassOverTheText() {
        String many = "; ".repeat(1_000_000);

        assertThat(SetStatement.of("SET a=b" + many)).contains(new Assignment("a", "b"));
        assertThat(SetStatement.of(many + "SET a=b")).contains(new Assignment("a", "b"));
        assertThat(SetStatement.of("/*".repeat(1_000_000))).isEmpty();
        assertThat(SetStatement.of("SET " + "`".repeat(1_000_001) + "=b")).isEmpty();
    }
}
