package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperationLogTest {
    private final OperationLog log = new OperationLog(new MovingClock(), 3);

    @Test
    void givesLinesWithTimeAndLevelOnce() {
        log.info("one");
        log.warn("two");

        assertThat(log.next(10))
                .containsExactly("2026-01-01 00:00:00.000 INFO one", "2026-01-01 00:00:00.000 WARN two");
        assertThat(log.next(10)).isEmpty();
    }

    @Test
    void givesNoMoreThanAskedForAndGoesOnThere() {
        log.info("one");
        log.info("two");

        assertThat(log.next(1)).hasSize(1);
        assertThat(log.next(10)).singleElement().asString().endsWith("two");
    }

    @Test
    void startsAgainFromTheFirstLineThatIsLeft() {
        for (int i = 0; i < 5; i++) {
            log.info("line " + i);
        }
        log.next(10);

        assertThat(log.first(10)).hasSize(3).first().asString().endsWith("line 2");
    }

    @Test
    void skipsLinesThatWereDroppedBeforeAnybodyReadThem() {
        log.info("line 0");
        log.next(10);
        for (int i = 1; i < 6; i++) {
            log.info("line " + i);
        }

        assertThat(log.next(10)).hasSize(3).first().asString().endsWith("line 3");
    }

    @Test
    void breaksAMessageIntoLines() {
        log.error("one\ntwo");

        assertThat(log.next(10)).hasSize(2).last().asString().endsWith("ERROR two");
    }
}
