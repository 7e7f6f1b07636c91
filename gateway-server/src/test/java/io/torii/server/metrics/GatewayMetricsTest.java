package io.torii.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.session.StatementState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {
    private final GatewayMetrics metrics = new GatewayMetrics();

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void aTimerIsAHistogramOfSeconds() {
        metrics.statementEnded(StatementState.FAILED, Duration.ofMillis(300));

        assertThat(metrics.scrape())
                .contains("torii_statement_duration_seconds_bucket{state=\"failed\",le=\"0.25\"} 0")
                .contains("torii_statement_duration_seconds_bucket{state=\"failed\",le=\"0.5\"} 1")
                .contains("torii_statement_duration_seconds_count{state=\"failed\"} 1")
                .contains("torii_statement_duration_seconds_sum{state=\"failed\"} 0.3");
    }

    @Test
    void clocksThatDisagreeMakeNoNegativeTime() {
        metrics.statementWaited(Duration.ofMillis(-5));

        assertThat(metrics.scrape()).contains("torii_statement_wait_seconds_sum 0.0");
    }

    @Test
    void bytesAreCountedByWhatTheyAre() {
        metrics.relayed("rows", 70_000);
        metrics.relayed("rows", 5);

        assertThat(metrics.scrape()).contains("torii_result_bytes_total{content=\"rows\"} 70005.0");
    }

    @Test
    void aGaugeIsReadWhenItIsAskedFor() {
        int[] open = {1};
        metrics.gauge(Metric.CONNECTIONS, () -> open[0], "frontend", "thrift-binary");
        open[0] = 7;

        assertThat(metrics.scrape()).contains("torii_connections{frontend=\"thrift-binary\"} 7.0");
    }

    @Test
    void showsTheProcess() {
        assertThat(metrics.scrape())
                .contains("jvm_memory_used_bytes{area=\"heap\"")
                .contains("jvm_threads_live_threads")
                .contains("jvm_gc_")
                .contains("torii_direct_memory_used_bytes")
                .contains("process_files_open_files");
    }

    @Test
    void aMetricIsUsedAsItIsDocumented() {
        assertThatThrownBy(() -> metrics.gauge(Metric.CONNECTIONS, () -> 1))
                .hasMessage("CONNECTIONS is a GAUGE with the tags [frontend]");
    }
}
