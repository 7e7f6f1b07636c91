package io.torii.spark;

import static java.util.Objects.requireNonNull;

import io.torii.spark.catalog.Metadata;
import io.torii.spark.result.ResultLimits;
import io.torii.spark.result.ResultSets;
import io.torii.spark.session.SessionService;
import io.torii.spark.session.WorkerPool;
import io.torii.wire.HomeClient;
import io.torii.wire.LaunchFile;
import io.torii.wire.WireHandler;
import io.torii.wire.WireOptions;
import io.torii.wire.WireServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One engine from its start to its end: wires its parts together, waits, and takes them apart. */
final class RunningEngine {
    private static final Logger log = LoggerFactory.getLogger(RunningEngine.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private static final int COLUMNAR = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10.getValue();

    private final SparkSession spark;
    private final WireServer server;
    private final ResultSets results;
    private final SessionService sessions;
    private final EngineLifecycle lifecycle;
    private final HomeLink link;
    private final ScheduledExecutorService ticks;
    private final ScheduledExecutorService calls;
    private final ScheduledExecutorService questions;
    private final Optional<TokenRenewal> tokens;

    private RunningEngine(
            LaunchFile launch,
            EngineOptions options,
            SparkSession spark,
            WireServer server,
            CompletableFuture<WireHandler> handler,
            Clock clock) {
        this.spark = requireNonNull(spark, "spark");
        this.server = requireNonNull(server, "server");
        results = new ResultSets(
                spark,
                new ResultLimits(
                        options.resultMemory(),
                        options.resultDisk(),
                        options.spillDirectory(),
                        ResultLimits.DEFAULT_PAGE_BYTES));
        sessions = new SessionService(spark, results, new Metadata(results), clock);
        handler.complete(sessions.handler());
        lifecycle = new EngineLifecycle(options, sessions, clock, TICK);
        ticks = Executors.newSingleThreadScheduledExecutor(WorkerPool.threads("torii-lifecycle"));
        calls = Executors.newSingleThreadScheduledExecutor(WorkerPool.threads("torii-home"));
        Home home =
                new HttpHome(new HomeClient(launch, clock), hostOf(launch, spark), server.port(), spark.sparkContext());
        link = new HomeLink(home, lifecycle, sessions, calls);
        questions = Executors.newSingleThreadScheduledExecutor(WorkerPool.threads("torii-tokens"));
        tokens = SparkTokens.areWanted() && !options.tokenInterval().isZero()
                ? Optional.of(new TokenRenewal(
                        new HomeClient(launch, clock)::tokens,
                        new SparkTokens(spark.sparkContext())::take,
                        options.tokenInterval(),
                        questions,
                        Math::random))
                : Optional.empty();
    }

    /** Starts Spark and, beside it, the wire; then registers. Fails if one of them cannot start. */
    static RunningEngine start(LaunchFile launch, Clock clock) throws IOException {
        EngineOptions options = new EngineOptions(launch);
        CompletableFuture<WireHandler> handler = new CompletableFuture<>();
        // nobody knows the port before the registration: calls that come earlier wait, but there should be none
        CompletableFuture<WireServer> wire =
                CompletableFuture.supplyAsync(() -> listen(launch, call -> handler.thenCompose(h -> h.handle(call))));
        SparkSession spark = SparkStart.start();
        try {
            RunningEngine engine = new RunningEngine(launch, options, spark, wire.join(), handler, clock);
            engine.run();
            return engine;
        } catch (CompletionException e) {
            spark.stop();
            throw e.getCause() instanceof UncheckedIOException
                    ? ((UncheckedIOException) e.getCause()).getCause()
                    : new IOException(e.getCause());
        }
    }

    /** What gateways shall dial: where executors reach the driver, they do too, if the launch does not know better. */
    private static String hostOf(LaunchFile launch, SparkSession spark) {
        boolean everywhere =
                launch.bindHost().equals("0.0.0.0") || launch.bindHost().equals("::");
        return launch.option(LaunchFile.ADVERTISE_HOST)
                .orElseGet(() -> everywhere
                        ? spark.sparkContext().conf().get("spark.driver.host", launch.bindHost())
                        : launch.bindHost());
    }

    private static WireServer listen(LaunchFile launch, WireHandler handler) {
        try {
            return WireServer.start(
                    launch.bindHost(),
                    0,
                    launch.secret(),
                    handler,
                    WireOptions.defaults().closeGrace(LAST_ANSWERS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onApplicationEnd(SparkListenerApplicationEnd end) {
                lifecycle.end(EngineEnd.SPARK_GONE, "Spark was stopped");
            }
        });
        link.start();
        tokens.ifPresent(TokenRenewal::start);
        ticks.execute(this::warmUp);
        ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What a first statement would otherwise wait for: classes, generated code, the catalog. */
    private void warmUp() {
        try {
            results.run(spark.newSession().sql("SELECT 1").queryExecution(), COLUMNAR, 1, 0)
                    .close();
        } catch (RuntimeException e) {
            log.warn("warming up failed", e);
        }
    }

    private void tick() {
        try {
            lifecycle.tick();
        } catch (RuntimeException e) {
            log.warn("looking at the engine's age failed", e);
        }
    }

    /** Ends the engine, from any thread; the first reason counts. */
    void end(int code, String reason) {
        lifecycle.end(code, reason);
    }

    /** Completes when the engine has decided to end. */
    CompletableFuture<EngineEnd> ended() {
        return lifecycle.ended();
    }

    boolean isRegistered() {
        return link.isRegistered();
    }

    /** Fails what runs, says goodbye, and stops Spark. Gateways hear of the failures before sessions are gone. */
    void stop(String reason) {
        ticks.shutdownNow();
        questions.shutdownNow();
        sessions.end();
        link.leave(reason, GOODBYE);
        calls.shutdownNow();
        server.close();
        sessions.close();
        results.close();
        spark.stop();
    }
}
