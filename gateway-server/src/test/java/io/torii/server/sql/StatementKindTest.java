package io.torii.server.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementKindTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "SELECT 'INSERT INTO t' AS text;",
                "-- a comment\nselect /*+ BROADCAST(t) */ a from t /* and */ where b = 1",
                "with q as (select 1 as a) select a from q",
                "WITH RECENT AS (SELECT * FROM a.b.c VERSION AS OF 3) SELECT count(*) FROM recent",
                "values (1, 'a'), (2, 'b')",
                "table sales.orders",
                "from t select a where b > 2",
                "(select 1) union all (select 2) order by 1 limit 3",
                "select my_udf(a), upper(b), `left`(c, 1) from t lateral view explode(d) e as f",
                "select * from t tablesample (10 percent)",
                "select IF(a > 1, left(b, 2), right(b, 2)) from t",
                "select reflect from t",
                "show tables in sales like 'a*'",
                "show databases",
                "show create table t",
                "show columns in t",
                "show partitions t",
                "show tblproperties t",
                "show functions",
                "show views",
                "show catalogs",
                "show current namespace",
                "show table extended like 't'",
                "describe t",
                "desc formatted sales.orders",
                "describe database sales",
                "describe function upper",
                "describe query select 1",
                "explain extended select * from t",
                "explain insert into t select 1",
                "select \"größe\", '漢', `ü` from t"
            })
    void reads(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into t values (1)",
                "INSERT OVERWRITE TABLE t SELECT * FROM s",
                "with q as (select 1 as a) insert into t select a from q",
                "from s insert into t select a insert into u select b",
                "insert overwrite directory '/tmp/x' using parquet select 1",
                "create table t as select 1",
                "create temporary view v as select 1",
                "update t set a = 1",
                "delete from t",
                "merge into t using s on t.a = s.a when matched then delete",
                "drop table t",
                "truncate table t",
                "alter table t add columns (b int)",
                "load data inpath '/x' into table t",
                "set spark.sql.ansi.enabled=true",
                "set",
                "use sales",
                "add jar '/x.jar'",
                "cache table t",
                "refresh table t",
                "analyze table t compute statistics",
                "msck repair table t",
                "select java_method('java.lang.System', 'exit', 1)",
                "select a from (select Reflect('java.lang.Runtime', 'x') as a)",
                "select `reflect`('java.lang.Runtime', 'x')",
                "select system.builtin.`java_method`('java.lang.Runtime', 'x')",
                "select identifier('ref' || 'lect')('java.lang.Runtime', 'x')",
                "select transform(a) using 'rm -rf x' as (b) from t",
                "from t map a using 'script' as b",
                "select ${hiveconf:f}",
                "select '${x}'",
                "call catalog.system.rollback('t', 1)",
                "optimize t",
                "select 1 +",
                "select 1; drop table t",
                "select 1 /* no end",
                "select 'no end",
                "",
                ";",
                "nonsense"
            })
    void everythingElseWrites(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.WRITE);
    }

    @Test
    void whatIsTooLongOrTooDeepToBeUnderstoodWrites() {
        assertThat(StatementKind.of("select '" + "x".repeat(1 << 20) + "'")).isEqualTo(StatementKind.WRITE);
        assertThat(StatementKind.of("select " + "(".repeat(100_000) + "1" + ")".repeat(100_000)))
                .isEqualTo(StatementKind.WRITE);
    }

    @Test
    void readsLongListsOfValues() {
        assertThat(StatementKind.of("select * from t where a in (0" + ", 1".repeat(20_000) + ")"))
                .isEqualTo(StatementKind.READ);
    }
}
