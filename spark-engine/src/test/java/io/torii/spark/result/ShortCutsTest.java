package io.torii.spark.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.spark.session.TestSpark;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortCutsTest extends ResultTest {
    private final AtomicInteger tasks = new AtomicInteger();
    private final SparkListener counter = new SparkListener() {
        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            tasks.incrementAndGet();
        }
    };

    @BeforeEach
    void countTasks() throws Exception {
        TestSpark.listenersAreUpToDate();
        spark.sparkContext().addSparkListener(counter);
    }

    @AfterEach
    void countNoMore() {
        spark.sparkContext().removeSparkListener(counter);
    }

    @Test
    void localRelationsNeedNoJob() throws Exception {
        ResultSet result = run(sql("select a + 1 as b from values (1), (2), (null) as t(a)"), V11, 10);

        assertThat(Decoded.rows(result, 10))
                .containsExactly(Arrays.asList(2), Arrays.asList(3), Arrays.asList((Object) null));
        assertThat(tasks()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1|[1]",
                "select 1 + 1 as two, 'a' as letter, cast(null as string) as nothing|[2, a, null]",
                "select upper('x')|[X]",
                "select current_database()|[default]",
                "select 1 where true|[1]"
            })
    void constantsFromNothingNeedNoJob(String text, String row) throws Exception {
        OneRow.addTo(spark);

        ResultSet result = run(sql(text), V11, 10);

        assertThat(Decoded.rows(result, 10)).hasToString("[" + row + "]");
        assertThat(tasks()).isZero();
    }

    @Test
    void whatIsNoConstantIsComputedEachTime() throws Exception {
        OneRow.addTo(spark);

        List<Object> first =
                Decoded.rows(run(sql("select uuid()"), V11, 10), 10).get(0);
        List<Object> second =
                Decoded.rows(run(sql("select uuid()"), V11, 10), 10).get(0);

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void commandsNeedNoJob() throws Exception {
        ResultSet result = run(sql("show databases"), V11, 10);

        assertThat(Decoded.rows(result, 10)).contains(Arrays.asList("default"));
        assertThat(tasks()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "15, 3", "55, 9"})
    void aLimitReadsAsFewPartitionsAsItCan(int limit, int mostTasks) throws Exception {
        ResultSet result = run(sql("select id from range(0, 1000, 1, 100) limit " + limit), V11, 1000);

        assertThat(ids(Decoded.rows(result, 1000))).isEqualTo(idsBetween(0, limit));
        assertThat(result.rows()).isEqualTo(limit);
        assertThat(tasks()).isBetween(1, mostTasks);
    }

    @Test
    void aLimitThatFindsNothingTriesMoreAndMorePartitions() throws Exception {
        ResultSet result = run(sql("select id from range(0, 1000, 1, 100) where id >= 990 limit 5"), V11, 1000);

        assertThat(ids(Decoded.rows(result, 1000))).isEqualTo(idsBetween(990, 995));
        assertThat(tasks()).isEqualTo(100);
    }

    @Test
    void anOffsetIsSkipped() {
        ResultSet limited = run(sql("select id from range(0, 1000, 1, 50) limit 30 offset 25"), V11, 7);
        ResultSet unlimited = run(sql("select id from range(0, 1000, 1, 50) offset 985"), V11, 7);

        assertThat(ids(Decoded.rows(limited, 4))).isEqualTo(idsBetween(25, 55));
        assertThat(limited.rows()).isEqualTo(30);
        assertThat(ids(Decoded.rows(unlimited, 100))).isEqualTo(idsBetween(985, 1000));
        assertThat(Decoded.page(limited.fetch(Orientation.FIRST, 7).bytes())
                        .getResults()
                        .getStartRowOffset())
                .isZero();
    }

    @Test
    void aLimitAboveAnAggregateReadsFewOfItsPartitions() throws Exception {
        spark.conf().set("spark.sql.shuffle.partitions", "50");
        spark.conf().set("spark.sql.adaptive.coalescePartitions.enabled", "false");
        ResultSet result = run(
                sql(
                        "select k, count(*) as c from (select id % 1000 as k from range(0, 4000, 1, 2)) group by k limit 10"),
                V11,
                1000);

        assertThat(Decoded.rows(result, 1000)).hasSize(10).allSatisfy(row -> assertThat(row.get(1))
                .isEqualTo(4L));
        assertThat(tasks()).isLessThan(10);
    }

    @ParameterizedTest
    @CsvSource({"10", "5000"})
    void theFirstRowsOfASortAreRight(int limit) {
        ResultSet result = run(sql("select id from range(0, 20000, 1, 8) order by id desc limit " + limit), V11, 1000);

        assertThat(ids(Decoded.rows(result, 1000)))
                .isEqualTo(LongStream.range(0, limit).mapToObj(i -> 19999 - i).collect(Collectors.toList()));
    }

    @Test
    void aGreatLimitIsPagedLikeEverythingElse() {
        ResultSet result = run(sql("select id from range(0, 200000, 1, 20) limit 150000"), V11, 10_000);

        assertThat(ids(Decoded.rows(result, 10_000))).isEqualTo(idsBetween(0, 150_000));
    }

    @Test
    void queriesShowUpAsExecutionsWithTheirListenersCalled() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        spark.listenerManager().register(new CountingListener(heard));

        run(sql("select count(*) from range(100)"), V11, 10);

        TestSpark.listenersAreUpToDate();
        assertThat(heard).hasValue(1);
    }

    private int tasks() throws Exception {
        TestSpark.listenersAreUpToDate();
        return tasks.get();
    }

    private static List<Object> ids(List<List<Object>> rows) {
        return rows.stream().map(row -> row.get(0)).collect(Collectors.toList());
    }

    private static List<Object> idsBetween(long start, long end) {
        return LongStream.range(start, end).boxed().collect(Collectors.toList());
    }
}
