package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SpareSessionsTest {
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final SparkSession root = TestSpark.get();
    private final SpareSessions sessions = new SpareSessions(root, later::add);

    @Test
    void nobodyGetsASessionThatAnotherHasHad() {
        Set<SparkSession> taken = new HashSet<>();

        for (int i = 0; i < 6; i++) {
            assertThat(taken.add(sessions.take())).isTrue();
            makeSpares();
        }
    }

    @Test
    void whoComesBeforeASpareIsReadyGetsANewOne() {
        SparkSession first = sessions.take();
        SparkSession second = sessions.take();

        assertThat(first).isNotSameAs(second).isNotSameAs(root);
        assertThat(later).hasSize(1);
    }

    @Test
    void aSpareKnowsNothingOfOtherSessions() {
        SparkSession first = sessions.take();
        first.conf().set("spark.sql.shuffle.partitions", "77");
        first.sql("CREATE TEMPORARY VIEW mine AS SELECT 1");
        makeSpares();

        SparkSession second = sessions.take();

        assertThat(second.conf().get("spark.sql.shuffle.partitions")).isNotEqualTo("77");
        assertThat(second.catalog().tableExists("mine")).isFalse();
    }

    private void makeSpares() {
        for (Runnable work = later.poll(); work != null; work = later.poll()) {
            work.run();
        }
    }
}
