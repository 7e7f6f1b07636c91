package io.torii.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void nobodyElseWritesLinesOrColoursOfALog() {
        assertThat(LogText.oneLine("ended\n2026-01-01 INFO all is well\u001b[31m\u2028"))
                .isEqualTo("ended?2026-01-01 INFO all is well?[31m?");
    }

    @Test
    void nobodyElseFillsALog() {
        assertThat(LogText.oneLine("x".repeat(1_000_000))).hasSize(2_003).endsWith("x...");
    }

    @Test
    void aFailureMaySayNothing() {
        assertThat(LogText.oneLine(null)).isEqualTo("null");
    }
}
