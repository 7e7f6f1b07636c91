package io.torii.it.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.api.engine.EngineLaunch;
import io.torii.it.HiveDriver;
import io.torii.it.World;
import io.torii.it.YarnWorld;
import io.torii.launch.LaunchProperties;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import io.torii.server.engine.channel.ChannelTimes;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * From the wish for an engine on YARN to a first row of {@code select 1}. Submitted by the resident agent and by a {@code
 * spark-submit}, the same engine with the same settings calls home here and is asked on its own wire, so that nothing else differs;
 * and through a whole gateway as a user has it. They take turns.
 */
final class FirstRows implements AutoCloseable {
    private static final int ROUNDS = 5;
    private static final String USER = "bench";
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.driver.memory", "640m",
            "spark.driver.maxResultSize", "0",
            "spark.executor.memory", "512m",
            "spark.executor.instances", "1",
            "spark.sql.shuffle.partitions", "2",
            "spark.scheduler.minRegisteredResourcesRatio", "0");

    private final Path directory;
    private final MiniHadoop hadoop;
    private final BenchBackend agent;
    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CalledHome home;
    private final WireEngineChannels channels;
    private final World gateway;

    private final Samples resident = new Samples();
    private final Samples forked = new Samples();
    private final Samples cold = new Samples();
    private final Samples warm = new Samples();

    FirstRows(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.hadoop = MiniHadoop.start(
                Files.createDirectory(directory.resolve("hadoop")),
                MiniHadoopShape.small().withMetastore(YarnWorld.sparkHome()));
        this.home = new CalledHome(loops);
        this.channels = new WireEngineChannels(
                new WireConnector(loops, threads, WireOptions.defaults()), ChannelTimes.defaults(), USER);
        this.agent = new BenchBackend(hadoop, directory.resolve("agents"), home.address(), SETTINGS);
        this.gateway = World.start(
                Files.createDirectory(directory.resolve("gateway")), YarnWorld.configuration(hadoop), Map.of());
    }

    /** The lines of a table. */
    List<String> table() throws Exception {
        residentSeconds(); // stages Spark's jars, which every launch shares
        SparkSubmits submits = new SparkSubmits(hadoop.configuration(), agent.log(), directory.resolve("submits"));
        for (int round = -1; round < ROUNDS; round++) {
            double byAgent = residentSeconds();
            double bySubmit = forkedSeconds(submits);
            Opponent.FirstRow asUser = gatewaySeconds("cold" + (round + 1));
            if (round >= 0) {
                resident.add(round, byAgent);
                forked.add(round, bySubmit);
                cold.add(round, asUser.coldSeconds());
                warm.add(round, asUser.warmSeconds().orElseThrow());
            }
        }
        List<String> lines = new ArrayList<>(List.of(
                "| request to first row on YARN, " + ROUNDS + " rounds | least | median | most |",
                "|---|---|---|---|"));
        lines.add(line("no engine running, resident agent, engine asked on its wire", resident));
        lines.add(line("no engine running, one spark-submit each, engine asked on its wire", forked));
        lines.add(line("no engine running, through the gateway by hive-jdbc", cold));
        lines.add(line("next session of that user, through the gateway by hive-jdbc", warm));
        return lines;
    }

    private double residentSeconds() throws Exception {
        EngineLaunch launch = agent.launch(USER);
        return seconds(launch, () -> agent.backend().submit(launch));
    }

    private double forkedSeconds(SparkSubmits submits) throws Exception {
        EngineLaunch launch = agent.launch(USER);
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.put("spark.app.name", "torii " + launch.spec().key());
        settings.put(
                "spark.yarn.tags", BenchBackend.DEPLOYMENT + "," + launch.tag().value());
        Path launchFile = directory.resolve(launch.tag().value() + ".properties");
        try (var out = Files.newBufferedWriter(launchFile)) {
            Properties values = new Properties();
            values.put("bind-host", "0.0.0.0");
            values.putAll(LaunchProperties.of(launch, List.of(home.address()), Map.of()));
            values.store(out, null);
        }
        return seconds(
                launch, () -> CompletableFuture.supplyAsync(() -> submit(submits, settings, launchFile), threads));
    }

    private static double submit(SparkSubmits submits, Map<String, String> settings, Path launchFile) {
        try {
            return submits.submit(USER, settings, launchFile);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while spark-submit ran", interrupted);
        }
    }

    private interface Submit {
        CompletableFuture<?> now();
    }

    private double seconds(EngineLaunch launch, Submit submit) throws Exception {
        CompletableFuture<EngineFinder.Found> engine = home.engineOf(launch);
        long begin = System.nanoTime();
        CompletableFuture<?> submitted = submit.now();
        CompletableFuture<?> refused = submitted.handle((accepted, failure) -> {
            if (failure != null) {
                engine.completeExceptionally(failure);
            }
            return accepted;
        });
        DirectClient client = new DirectClient(channels, engine.get());
        client.open();
        client.query(Probe.SELECT_1, 1);
        double seconds = (System.nanoTime() - begin) / 1e9;
        refused.join(); // spark-submit looks once more whether its application runs
        client.closeSession();
        agent.end(launch);
        return seconds;
    }

    private Opponent.FirstRow gatewaySeconds(String user) throws Exception {
        JdbcClient client = new JdbcClient(HiveDriver.of("3.1.3"), gateway.url("default"), user);
        double first = Opponent.secondsToRow(client);
        double next = Opponent.secondsToRow(client);
        for (String application : hadoop.applicationsOf(user)) {
            hadoop.killApplication(application);
        }
        return new Opponent.FirstRow(first, Optional.of(next));
    }

    private static String line(String what, Samples samples) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f s | %.1f s | %.1f s |",
                what,
                samples.percentile(0),
                samples.percentile(0.5),
                samples.percentile(1));
    }

    @Override
    public void close() {
        gateway.close();
        agent.close();
        channels.close();
        home.close();
        hadoop.close();
        loops.shutdownGracefully().syncUninterruptibly();
        threads.shutdownNow();
    }
}
