package io.torii.spark.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.spark.session.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.BlockId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.runtime.AbstractFunction1;

class KeepingTest extends ResultTest {
    /** About 400 KiB in each of four partitions, more than travels in the result of a task. */
    private static final String LARGE = "select id, repeat('x', 80) as s from range(0, 20000, 1, 4)";

    /** 18 GiB, if anybody waited for them. */
    private static final String ENDLESS = "select id, repeat('x', 80) as s from range(0, 200000000, 1, 20000)";

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000, 500_000, 64 * MIB})
    void rowsBeyondTheMemoryBudgetAreSpilledAndReadBackInOrder(int memory) {
        reopen(memory, 256 * MIB);
        ResultSet result = run(sql(LARGE), V11, 1000);

        List<List<Object>> rows = Decoded.rows(result, 1000);

        assertThat(ids(rows)).isEqualTo(LongStream.range(0, 20000).boxed().collect(Collectors.toList()));
        assertThat(results.memoryBytes()).isLessThanOrEqualTo(memory);
        assertThat(results.memoryBytes() + results.diskBytes()).isGreaterThan(20000 * 90);
        assertThat(ids(Decoded.rows(result, 300))).hasSize(20000);
    }

    @Test
    void closingFreesMemoryAndDiskAtOnce() {
        reopen(200_000, 256 * MIB);
        ResultSet result = run(sql(LARGE), V11, 1000);
        result.fetch(Orientation.NEXT, 1000).bytes();

        result.close();

        assertThat(results.memoryBytes()).isZero();
        assertThat(results.diskBytes()).isZero();
        assertThat(spill).isEmptyDirectory();
        assertThatThrownBy(() -> result.fetch(Orientation.NEXT, 10).bytes()).hasMessage("The result is closed");
        result.close();
    }

    @Test
    void allResultsShareOneBudget() {
        reopen(3 * MIB, 0);
        ResultSet first = run(sql(LARGE), V11, 1000);
        read(first);

        assertThatThrownBy(() -> read(run(sql(LARGE), V11, 1000))).isInstanceOf(ResultException.class);
        first.close();
        assertThat(ids(Decoded.rows(run(sql(LARGE), V11, 1000), 1000))).hasSize(20000);
    }

    @Test
    void aResultBeyondAllBudgetsFailsWithTheSettingsToRaise() throws InterruptedException {
        reopen(MIB, MIB);

        assertThatThrownBy(() -> read(run(sql(ENDLESS), V11, 1000)))
                .isInstanceOfSatisfying(
                        ResultException.class, e -> assertThat(e.sqlState()).isEqualTo("53400"))
                .hasMessage(
                        "The result is too large: results of this engine may take 1 MiB of memory"
                                + " (torii.engine.result-memory) and 1 MiB of disk (torii.engine.result-disk), and that is used up");
        // the job is stopped once all is freed, and may be a moment later than the reader hears of the failure
        assertThat(TestSpark.jobsEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(results.memoryBytes() + results.diskBytes()).isZero();
    }

    @Test
    void aResultThatCannotBeSpilledFailsWithTheDirectoryAndHoldsNothing() throws Exception {
        Path blocked = Files.createFile(spill.resolve("a-file")).resolve("results");
        results.close();
        results = new ResultSets(spark, new ResultLimits(MIB, 256 * MIB, blocked, MIB));

        assertThatThrownBy(() -> read(run(sql(ENDLESS), V11, 1000)))
                .isInstanceOfSatisfying(
                        ResultException.class, e -> assertThat(e.sqlState()).isEqualTo("53100"))
                .hasMessageStartingWith("The result could not be written to " + blocked + ": ")
                .hasMessageEndingWith("; make room there, or ask for fewer rows");
        assertThat(TestSpark.jobsEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(results.memoryBytes() + results.diskBytes()).isZero();
    }

    @Test
    void aFirstFullPageIsThereLongBeforeTheLastRow() throws InterruptedException {
        reopen(64 * MIB, 1 << 30);
        ResultSet result = run(sql(ENDLESS), V11, 1000);

        assertThat(ids(Decoded.rows(result.fetch(Orientation.NEXT, 1000).bytes())))
                .isEqualTo(LongStream.range(0, 1000).boxed().collect(Collectors.toList()));
        assertThat(ids(Decoded.rows(result.fetch(Orientation.NEXT, 1000).bytes())))
                .first()
                .isEqualTo(1000L);

        result.close();
        assertThat(TestSpark.jobsEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(results.memoryBytes() + results.diskBytes()).isZero();
    }

    @Test
    void cancellingTheJobGroupFailsTheFetch() {
        reopen(64 * MIB, 1 << 30);
        spark.sparkContext().setJobGroup("to-cancel", "endless", true);
        ResultSet result = run(sql(ENDLESS), V11, 1000);
        spark.sparkContext().clearJobGroup();

        spark.sparkContext().cancelJobGroup("to-cancel");

        assertThatThrownBy(() -> read(result)).hasMessageContaining("cancelled part of cancelled job group to-cancel");
    }

    @Test
    void aMillionRowsFitALittleMemory() {
        reopen(4 * MIB, 1 << 30);
        Dataset<Row> query = sql("select id, 'row ' || id as s, id / 3 as d from range(0, 1000000, 1, 8)");

        ResultSet result = run(query, V11, 10_000);

        long count = 0;
        List<List<Object>> page =
                Decoded.rows(result.fetch(Orientation.NEXT, 10_000).bytes());
        while (!page.isEmpty()) {
            assertThat(page.get(0).get(0)).isEqualTo(count);
            count += page.size();
            page = Decoded.rows(result.fetch(Orientation.NEXT, 10_000).bytes());
        }
        assertThat(count).isEqualTo(1_000_000);
        assertThat(result.rows()).isEqualTo(1_000_000);
        assertThat(results.memoryBytes()).isLessThanOrEqualTo(4 * MIB);
    }

    @Test
    void nothingIsLeftInBlockManagersOnceAResultIsRead() throws Exception {
        ResultSet result = run(sql(LARGE), V11, 1000);
        Decoded.rows(result, 1000);

        assertThat(pageBlocks()).isZero();
    }

    @Test
    void manyTasksTogetherBringLittleToTheDriverUnasked() throws Exception {
        AtomicLong brought = new AtomicLong();
        SparkListener watch = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                brought.addAndGet(end.taskMetrics().resultSize());
            }
        };
        TestSpark.listenersAreUpToDate();
        spark.sparkContext().addSparkListener(watch);
        try {
            run(sql("select repeat('x', 100000) as s from range(0, 500, 1, 500)"), V11, 10)
                    .awaitEnd();
            TestSpark.listenersAreUpToDate();
        } finally {
            spark.sparkContext().removeSparkListener(watch);
        }

        assertThat(brought.get()).isBetween(1L, 32L * MIB);
    }

    private static long pageBlocks() {
        AbstractFunction1<BlockId, Object> isPage = new AbstractFunction1<BlockId, Object>() {
            @Override
            public Object apply(BlockId id) {
                return id.name().contains("_page_");
            }
        };
        return SparkEnv.get().blockManager().getMatchingBlockIds(isPage).size();
    }

    private void reopen(long memory, long disk) {
        results.close();
        results = results(memory, disk, 4 * MIB);
    }

    private static void read(ResultSet result) {
        while (!Decoded.rows(result.fetch(Orientation.NEXT, 10_000).bytes()).isEmpty()) {
            assertThat(result.rows()).isPositive();
        }
    }

    private static List<Object> ids(List<List<Object>> rows) {
        return rows.stream().map(row -> row.get(0)).collect(Collectors.toList());
    }
}
