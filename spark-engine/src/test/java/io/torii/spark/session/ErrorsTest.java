package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ErrorsTest extends EngineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELEC 1                                    | 42601 | [PARSE_SYNTAX_ERROR]",
                "SELECT * FROM nowhere                      | 42P01 | [TABLE_OR_VIEW_NOT_FOUND]",
                "SELECT nothing FROM range(1)               | 42703 | [UNRESOLVED_COLUMN.WITH_SUGGESTION]",
                "SELECT no_function(1)                      | 42883 | [UNRESOLVED_ROUTINE]",
                "USE nowhere                                | 42704 | [SCHEMA_NOT_FOUND]",
                "SELECT array(1)['a']                       | 42K09 | [DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE]",
                "SELECT raise_error('my own words')         | HY000 | my own words",
                "SELECT assert_true(id < 5, 'too large') FROM range(10) | HY000 | too large",
            })
    void givesSparksOwnMessageFirstWithItsSqlState(String sql, String sqlState, String message) {
        TestClient.Status end = alice.run(alice.open(), sql);

        assertThat(end.state()).isEqualTo("ERROR_STATE");
        assertThat(end.answer.getErrorMessage()).startsWith(message);
        assertThat(end.answer.getSqlState()).isEqualTo(sqlState);
        assertThat(end.answer.getErrorCode()).isEqualTo(1008);
        assertThat(end.answer.getStatus().getInfoMessages()).isNotEmpty().noneSatisfy(line -> assertThat(line)
                .startsWith("*"));
    }

    @Test
    void findsTheReasonOfAFailedTaskUnderSparksOwnWrapping() {
        String session = alice.open();
        alice.rows(session, "SET spark.sql.ansi.enabled=true");

        TestClient.Status end = alice.run(session, "SELECT sum(10 / (id - 3)) FROM range(10)");

        assertThat(end.answer.getErrorMessage()).startsWith("[DIVIDE_BY_ZERO]");
        assertThat(end.answer.getSqlState()).isEqualTo("22012");
    }

    @Test
    void saysThatATableIsMissingInTheWordsThatClientsKnow() {
        TestClient.Status end = alice.run(alice.open(), "SELECT * FROM some_db.some_table");

        assertThat(end.answer.getErrorMessage())
                .contains("\nTable or view not found: some_db.some_table")
                .contains("SemanticException Table not found some_db.some_table");
    }

    @Test
    void leavesThePlanToTheDetails() {
        TestClient.Status end = alice.run(alice.open(), "SELECT * FROM nowhere");

        assertThat(end.answer.getErrorMessage()).doesNotContain("UnresolvedRelation");
        assertThat(end.answer.getStatus().getInfoMessages().get(0)).contains("UnresolvedRelation");
    }

    @Test
    void goesOnAfterAnError() {
        String session = alice.open();
        alice.run(session, "SELECT * FROM nowhere");

        assertThat(alice.rows(session, "SELECT 1")).containsExactly("1");
    }

    @Test
    void writesTheErrorIntoTheLog() {
        String session = alice.open();
        String statement = alice.execute(session, "SELECT * FROM nowhere");
        alice.end(session, statement);

        assertThat(alice.log(session, statement))
                .anySatisfy(line -> assertThat(line).matches(".*ERROR Failed after \\d+ ms: \\[TABLE_OR_VIEW_NOT_.*"));
    }
}
