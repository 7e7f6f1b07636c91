package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultExpectationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "values (1)",
                "WITH t AS (SELECT 'INSERT INTO x') SELECT * FROM t",
                "WITH `insert` AS (SELECT 1) SELECT * FROM `insert`",
                "FROM t SELECT a -- INSERT",
                "SHOW TABLES",
                "SET spark.app.id",
                "EXPLAIN INSERT INTO t SELECT 1",
                "LIST JARS",
                "",
                "nonsense"
            })
    void expectsRows(String sql) {
        assertThat(ResultExpectation.of(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t SELECT 1",
                "-- first\n/* then */ create table t (a int)",
                "WITH s AS (SELECT (1) AS a) INSERT INTO t SELECT * FROM s",
                "FROM s INSERT INTO t SELECT a INSERT INTO u SELECT b",
                "FROM (SELECT ')' AS \"(\" FROM s) INSERT OVERWRITE t SELECT *",
                "merge into t using s on t.a = s.a when matched then delete",
                "DELETE FROM t",
                "UPDATE t SET a = 1",
                "RESET",
                "ADD JAR /a.jar",
                "USE db"
            })
    void expectsNone(String sql) {
        assertThat(ResultExpectation.of(sql)).isFalse();
    }
}
