package io.torii.server.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import io.torii.api.session.StatementState;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Counts and times what happens, and reads what is when it is asked for it. Thread-safe. */
public final class GatewayMetrics implements AutoCloseable {
    private static final Duration[] BUCKETS = Stream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public GatewayMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        gauge(Metric.DIRECT_MEMORY_USED, GatewayMetrics::directMemoryUsed);
        gauge(Metric.DIRECT_MEMORY_MAX, PlatformDependent::maxDirectMemory);
    }

    /** Bytes outside the heap that buffers take: Netty counts them where it can do without the JVM's own count. */
    public static long directMemoryUsed() {
        return Math.max(0, PlatformDependent.usedDirectMemory())
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }

    /** What is read at each scrape: soon, and without waiting for anything. */
    public void gauge(Metric metric, Supplier<Number> value, String... tagsAndValues) {
        checked(metric, Metric.Kind.GAUGE, tagsAndValues);
        Gauge.builder(metric.meter(), value)
                .description(metric.description())
                .baseUnit(metric.unit().isEmpty() ? null : metric.unit())
                .tags(tagsAndValues)
                .strongReference(true)
                .register(registry);
    }

    /** @param kind {@code sql} or {@code metadata} */
    public void submitted(String kind, boolean accepted) {
        counter(Metric.SUBMISSIONS, "kind", kind, "outcome", accepted ? "accepted" : "refused")
                .increment();
    }

    public void statementEnded(StatementState state, Duration sinceSubmission) {
        timer(Metric.STATEMENT_DURATION, "state", state.name().toLowerCase(Locale.ROOT))
                .record(notNegative(sinceSubmission));
    }

    public void statementWaited(Duration untilStart) {
        timer(Metric.STATEMENT_WAIT).record(notNegative(untilStart));
    }

    /** @param content {@code rows} or {@code log} */
    public void page(String content) {
        counter(Metric.RESULT_PAGES, "content", content).increment();
    }

    /** A part of a page is on its way to its client. */
    public void relayed(String content, long bytes) {
        counter(Metric.RESULT, "content", content).increment(bytes);
    }

    public void launched(boolean ready, Duration took) {
        timer(Metric.ENGINE_LAUNCH, "outcome", ready ? "ready" : "failed").record(notNegative(took));
    }

    /** @param outcome {@code done}, {@code refused} or {@code failed} */
    public void storeAnswered(String outcome, Duration took) {
        timer(Metric.STORE_TRANSACTION, "outcome", outcome).record(took);
    }

    /** @param outcome {@code admitted}, {@code refused} or {@code undecided} */
    public void login(String outcome) {
        counter(Metric.LOGINS, "outcome", outcome).increment();
    }

    /** All of it, as Prometheus reads it. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private Counter counter(Metric metric, String... tagsAndValues) {
        checked(metric, Metric.Kind.COUNTER, tagsAndValues);
        return Counter.builder(metric.meter())
                .description(metric.description())
                .baseUnit(metric.unit().isEmpty() ? null : metric.unit())
                .tags(tagsAndValues)
                .register(registry);
    }

    private Timer timer(Metric metric, String... tagsAndValues) {
        checked(metric, Metric.Kind.TIMER, tagsAndValues);
        return Timer.builder(metric.meter())
                .description(metric.description())
                .serviceLevelObjectives(BUCKETS)
                .tags(tagsAndValues)
                .register(registry);
    }

    private static void checked(Metric metric, Metric.Kind kind, String... tagsAndValues) {
        requireNonNull(metric, "metric");
        if (metric.kind() != kind || metric.tags().size() * 2 != tagsAndValues.length) {
            throw new IllegalArgumentException(metric + " is a " + metric.kind() + " with the tags " + metric.tags());
        }
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
