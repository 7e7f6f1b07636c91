package io.torii.spark.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PageIndexTest {
    @TempDir
    Path spill;

    @Test
    void holdsRowsBackForReadersWhoCannotWaitAsLongAsOthersMayFollow() {
        PageIndex index = index(0, Long.MAX_VALUE, 100);
        assertThat(index.givable(0, 50)).isZero();
        index.add(0, page(120));

        assertThat(index.givable(0, 50)).as("all but what is held back").isEqualTo(20);
        assertThat(index.givable(20, 50)).as("one of those").isEqualTo(1);
        assertThat(index.givable(119, 50)).isEqualTo(1);
        assertThat(index.givable(120, 50)).isZero();
        index.add(0, page(50));
        assertThat(index.givable(20, 50)).isEqualTo(50);
        index.end();
        assertThat(index.givable(100, 500)).isEqualTo(70);
    }

    @Test
    void holdsNothingBackOnceTheLimitIsReached() {
        PageIndex index = index(10, 60, 100);
        index.add(0, page(59));
        assertThat(index.givable(10, 500)).isEqualTo(1);

        index.add(0, page(5));

        assertThat(index.givable(10, 500)).isEqualTo(50);
    }

    @Test
    void anArrivalIsThereWithAllItsRowsAndWhatIsHeldBack() {
        PageIndex index = index(0, Long.MAX_VALUE, 100);
        index.add(0, page(50));
        Arrival arrival = index.arrival(20, 30, 1 << 20);

        index.add(0, page(99));
        assertThat(arrival.there()).isNotDone();
        index.add(0, page(1));

        assertThat(arrival.there()).isDone();
        assertThat(index.arrival(20, 30, 1 << 20).there()).isDone();
        assertThat(index.arrival(20, 31, 1 << 20).there()).isNotDone();
        assertThat(index.arrival(20, 31, 10).there())
                .as("thirty bytes are enough, a row has one")
                .isDone();
    }

    @Test
    void anArrivalThatIsHurriedIsThereWithOneRow() {
        PageIndex index = index(0, Long.MAX_VALUE, 100);
        index.add(0, page(10));
        Arrival some = index.arrival(9, 30, 1 << 20);
        Arrival none = index.arrival(10, 30, 1 << 20);

        some.hurry();
        none.hurry();

        assertThat(some.there()).isDone();
        assertThat(none.there()).isNotDone();
        index.add(0, page(1));
        assertThat(none.there()).isDone();
    }

    @Test
    void cannotFailOnceAllRowsAreThere() {
        PageIndex index = index(0, Long.MAX_VALUE, 100);
        index.add(0, page(10));
        index.end();

        assertThat(index.fail(new ResultException("58030", "out of luck"))).isFalse();

        assertThat(index.isGone()).isFalse();
        assertThat(index.givable(0, 50)).isEqualTo(10);
    }

    @Test
    void whatWillNotComeIsNotWaitedFor() {
        PageIndex ended = index(0, Long.MAX_VALUE, 100);
        Arrival rows = ended.arrival(0, 30, 1 << 20);
        ended.end();
        assertThat(rows.there()).isDone();

        PageIndex failed = index(0, Long.MAX_VALUE, 100);
        rows = failed.arrival(0, 30, 1 << 20);
        failed.fail(new ResultException("58030", "out of luck"));
        assertThat(rows.there()).isDone();
    }

    private PageIndex index(long firstRow, long endRow, int heldBack) {
        PageStore store = new PageStore(new ResultBudget(new ResultLimits(1 << 20, 0, spill, 1000)));
        return new PageIndex(store, firstRow, endRow, heldBack);
    }

    private static EncodedPage page(int rows) {
        return new EncodedPage(rows, new byte[rows]);
    }

    @Test
    void readersHearOfAFailureOnceMemoryIsFree() throws Exception {
        ResultBudget budget = new ResultBudget(new ResultLimits(1000, 0, spill, 1000));
        PageStore store = new PageStore(budget);
        PageIndex index = new PageIndex(store, 0, Long.MAX_VALUE, 0);
        index.add(0, new EncodedPage(1, new byte[100]));
        Thread failing = new Thread(() -> index.fail(new ResultException("58030", "out of luck")));

        synchronized (store) {
            failing.start();
            while (failing.getState() != Thread.State.BLOCKED) {
                Thread.yield();
            }
            index.awaitFirst(1, 1);
            assertThat(budget.memory()).isEqualTo(100);
        }
        failing.join();

        assertThatThrownBy(index::awaitEnd).hasMessage("out of luck");
        assertThat(budget.memory()).isZero();
    }
}
