package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;
import scala.collection.immutable.Map$;

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
    void tellsWhyAFileCouldNotBeRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("broken.txt.gz");
        Files.write(file, "no gzip at all".getBytes(StandardCharsets.UTF_8));

        TestClient.Status end = alice.run(alice.open(), "SELECT * FROM text.`" + file + "`");

        assertThat(end.answer.getErrorMessage())
                .contains("Encountered error while reading file")
                .contains("broken.txt.gz")
                .endsWith("not a gzip file");
    }

    @Test
    void tellsWhyRowsCouldNotBeWritten() {
        TestClient.Status end = alice.run(
                alice.open(),
                "CREATE TABLE unwritten USING parquet AS"
                        + " SELECT string(if(id > 5, raise_error('my own words'), id)) AS a FROM range(10)");

        assertThat(end.answer.getErrorMessage())
                .startsWith("[TASK_WRITE_FAILED]")
                .endsWith(": my own words");
    }

    @Test
    void tellsWhatAFunctionThrew() {
        Throwable thrown = new SparkException(
                "FAILED_EXECUTE_UDF",
                Map$.MODULE$
                        .<String, String>empty()
                        .$plus(Tuple2.apply("functionName", "f"))
                        .$plus(Tuple2.apply("signature", "int"))
                        .$plus(Tuple2.apply("result", "int")),
                new IllegalStateException("the function's own words"));

        assertThat(Failures.of(thrown).message())
                .startsWith("[FAILED_EXECUTE_UDF]")
                .endsWith(": the function's own words");
    }

    @Test
    void saysThatADiskIsFullAndWhichInOneSentence() {
        Throwable thrown = new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 1.0 failed\nmore",
                new IOException("No space left on device"));

        assertThat(Failures.of(thrown).sqlState()).isEqualTo("53100");
        assertThat(Failures.of(thrown).message())
                .startsWith("The engine's disk is full: No space left on device in its local directory")
                .endsWith("; make room there, or run it on less data")
                .doesNotContain("\n");
    }

    @Test
    void saysThatAStatementIsNestedTooDeeplyInOneSentence() {
        Failure failure = Failures.of(new SparkException("any", new StackOverflowError()));

        assertThat(failure.sqlState()).isEqualTo("54001");
        assertThat(failure.message()).startsWith("The statement is nested too deeply");
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
