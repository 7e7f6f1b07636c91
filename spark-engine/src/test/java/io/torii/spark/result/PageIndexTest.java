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
    void readersHearOfAFailureOnceMemoryIsFree() throws Exception {
        ResultBudget budget = new ResultBudget(new ResultLimits(1000, 0, spill, 1000));
        PageStore store = new PageStore(budget);
        PageIndex index = new PageIndex(store, 0, Long.MAX_VALUE);
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
