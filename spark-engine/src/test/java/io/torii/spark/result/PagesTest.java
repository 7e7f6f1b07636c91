package io.torii.spark.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest extends ResultTest {
    @Test
    void pagesAreCutByTheFetchSize() {
        ResultSet result = run(numbers(25, 1), V11, 10);

        assertThat(sizes(result, 1000)).containsExactly(10, 10, 5);
    }

    @Test
    void pagesAreCappedInBytes() {
        results.close();
        results = results(64 * MIB, 0, 1000);
        ResultSet result = run(sql("select repeat('x', 300) as s from range(0, 10, 1, 1)"), V11, 100);

        assertThat(sizes(result, 100)).containsExactly(4, 4, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 10, 11, 1000})
    void aFetchOfAnySizeReadsEveryRowInOrder(int fetchSize) {
        ResultSet result = run(numbers(95, 4), V11, 10);

        assertThat(ids(Decoded.rows(result, fetchSize))).isEqualTo(idsUpTo(95));
        assertThat(sizes(result, fetchSize)).allSatisfy(size -> assertThat(size).isBetween(1, fetchSize));
    }

    @Test
    void smallPartitionsAreJoinedToPages() {
        ResultSet result = run(numbers(100, 20), V11, 200);

        assertThat(sizes(result, 50)).containsExactly(50, 50);
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "3, 7", "10, 16", "10, 33"})
    void slicesKeepNullsAndTextInTheirPlaces(int fetchSize, int partitions) {
        ResultSet result = run(
                sql("select id, if(id % 3 = 0, null, repeat('x', int(id))) as s, if(id % 2 = 0, null, id) as n"
                        + " from range(0, 100, 1, " + partitions + ")"),
                V11,
                16);

        assertThat(Decoded.rows(result, fetchSize)).hasSize(100).allSatisfy(row -> {
            int id = ((Long) row.get(0)).intValue();
            assertThat(row.get(1)).isEqualTo(id % 3 == 0 ? null : xs(id));
            assertThat(row.get(2)).isEqualTo(id % 2 == 0 ? null : (Long) (long) id);
        });
    }

    @Test
    void partitionsStayInOrderThoughTheyEndInAnyOrder() {
        spark.udf().register("slow", (Long id) -> slowAtFirst(id), DataTypes.LongType);

        ResultSet result = run(sql("select slow(id) as id from range(0, 80, 1, 8)"), V11, 1000);

        assertThat(ids(Decoded.rows(result, 1000))).isEqualTo(idsUpTo(80));
    }

    /** The first partition has ten times the work of the others. */
    private static long slowAtFirst(long id) {
        long sum = LongStream.range(0, id < 10 ? 20_000_000 : 2).sum();
        return sum < 0 ? -1 : id;
    }

    @Test
    void firstStartsAgainAndPriorGoesBack() {
        ResultSet result = complete(numbers(30, 2));

        assertThat(ids(result.fetch(Orientation.FIRST, 10).bytes())).isEqualTo(idsBetween(0, 10));
        assertThat(ids(result.fetch(Orientation.NEXT, 10).bytes())).isEqualTo(idsBetween(10, 20));
        assertThat(ids(result.fetch(Orientation.PRIOR, 4).bytes())).isEqualTo(idsBetween(6, 10));
        assertThat(ids(result.fetch(Orientation.NEXT, 4).bytes())).isEqualTo(idsBetween(10, 14));
        assertThat(ids(result.fetch(Orientation.FIRST, 3).bytes())).isEqualTo(idsBetween(0, 3));
        assertThat(ids(result.fetch(Orientation.PRIOR, 5).bytes())).isEqualTo(idsBetween(0, 5));
    }

    /** 64 KiB and more of each page: to put them together would copy all that follows. */
    @Test
    void largePagesAreHandedOutAsTheyAreThoughOneIsOnlyHalfFull() {
        ResultSet result = complete(sql("select id, repeat('x', 20000) as text from range(0, 75, 1, 3)"));

        assertThat(sizes(result, 10)).containsExactly(10, 10, 5, 10, 10, 5, 10, 10, 5);
        assertThat(result.fetch(Orientation.FIRST, 4).rows()).isEqualTo(4);
        assertThat(result.fetch(Orientation.NEXT, 10).rows())
                .as("the rest of one")
                .isEqualTo(6);
        assertThat(result.fetch(Orientation.NEXT, 10).rows()).isEqualTo(10);
    }

    @Test
    void pagesTellWhereTheyStartAndWhetherMoreFollow() {
        ResultSet result = complete(numbers(25, 1));

        List<TFetchResultsResp> pages = Stream.of(
                        Orientation.FIRST, Orientation.NEXT, Orientation.NEXT, Orientation.NEXT)
                .map(orientation -> Decoded.page(result.fetch(orientation, 10).bytes()))
                .collect(Collectors.toList());

        assertThat(pages)
                .extracting(page -> page.getResults().getStartRowOffset())
                .containsExactly(0L, 10L, 20L, 25L);
        assertThat(pages).extracting(TFetchResultsResp::isHasMoreRows).containsExactly(true, true, false, false);
    }

    @Test
    void afterTheEndPagesAreEmptyAndTyped() {
        ResultSet result = run(sql("select id, 'x' as s, true as b from range(1)"), V11, 10);
        result.fetch(Orientation.NEXT, 10).bytes();

        TFetchResultsResp end = Decoded.page(result.fetch(Orientation.NEXT, 10).bytes());

        assertThat(end.getResults().getColumns())
                .extracting(column -> column.getSetField().name())
                .containsExactly("I64_VAL", "STRING_VAL", "BOOL_VAL");
        assertThat(Decoded.rows(result.fetch(Orientation.NEXT, 10).bytes())).isEmpty();
        assertThat(Decoded.rows(result.fetch(Orientation.FIRST, 10).bytes())).hasSize(1);
    }

    @Test
    void rowBasedPagesForOldClientsAreSlicedToo() {
        ResultSet result = run(numbers(95, 3), V1, 10);

        assertThat(ids(Decoded.rows(result, 7))).isEqualTo(idsUpTo(95));
        assertThat(Decoded.page(result.fetch(Orientation.FIRST, 7).bytes())
                        .getResults()
                        .isSetColumns())
                .isFalse();
    }

    @Test
    void anEmptyResultEndsAtOnce() {
        ResultSet result = run(numbers(0, 2), V11, 10);

        TFetchResultsResp page = Decoded.page(result.fetch(Orientation.NEXT, 10).bytes());

        assertThat(page.isHasMoreRows()).isFalse();
        assertThat(page.getResults().getColumns()).hasSize(1);
        assertThat(result.rows()).isZero();
    }

    @Test
    void wideRowsMakeLargePages() {
        ResultSet result = run(sql("select repeat('x', 10000000) as s from range(0, 3, 1, 1)"), V11, 10);

        assertThat(Decoded.rows(result, 10))
                .extracting(row -> ((String) row.get(0)).length())
                .containsExactly(10_000_000, 10_000_000, 10_000_000);
    }

    @Test
    void aFailingRowFailsTheStatementWithSparksOwnError() {
        assertThatThrownBy(() -> run(
                        sql("select if(id = 5, raise_error('too bad: ' || id), id) as id from range(0, 10, 1, 2)"),
                        V11,
                        10))
                .hasStackTraceContaining("too bad: 5");
    }

    @Test
    void whatFailsAfterAFirstFullPageFailsTheFetch() {
        ResultSet result = run(
                sql("select if(id = 99999, raise_error('at the end'), id) as id from range(0, 100000, 1, 100)"),
                V11,
                10);

        assertThatThrownBy(() -> Decoded.rows(result, 10)).hasStackTraceContaining("at the end");
        assertThat(results.memoryBytes()).isZero();
    }

    /** In pages of ten, with all rows there: while they arrive, a page may be shorter and more may seem to follow. */
    private ResultSet complete(Dataset<Row> rows) {
        ResultSet result = run(rows, V11, 10);
        Decoded.rows(result, 10);
        return result;
    }

    private Dataset<Row> numbers(int count, int partitions) {
        return sql("select id from range(0, " + count + ", 1, " + partitions + ")");
    }

    private static List<Integer> sizes(ResultSet result, int fetchSize) {
        List<Integer> sizes = new ArrayList<>();
        List<List<Object>> page =
                Decoded.rows(result.fetch(Orientation.FIRST, fetchSize).bytes());
        while (!page.isEmpty()) {
            sizes.add(page.size());
            page = Decoded.rows(result.fetch(Orientation.NEXT, fetchSize).bytes());
        }
        return sizes;
    }

    private static List<Long> ids(byte[] page) {
        return ids(Decoded.rows(page));
    }

    private static List<Long> ids(List<List<Object>> rows) {
        return rows.stream().map(row -> (Long) row.get(0)).collect(Collectors.toList());
    }

    private static List<Long> idsUpTo(long end) {
        return idsBetween(0, end);
    }

    private static List<Long> idsBetween(long start, long end) {
        return LongStream.range(start, end).boxed().collect(Collectors.toList());
    }

    private static String xs(int count) {
        return IntStream.range(0, count).mapToObj(i -> "x").collect(Collectors.joining());
    }
}
