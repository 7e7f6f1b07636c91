package io.torii.it.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.it.HiveDriver;
import io.torii.it.World;
import io.torii.server.engine.channel.ChannelTimes;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * First probes: what the gateway costs against the same engine spoken to directly on its wire. Starts a world, asks all
 * clients in turn, round by round, so that a drift of the machine's speed meets all alike, and prints a table for
 * docs/benchmarks.md. Needs a quiet machine.
 */
public final class Benchmark {
    private static final String SELECT_1 = "SELECT 1";
    private static final String WIDE = "SELECT id, concat('name ', id) AS name, id / 3.0D AS ratio, id * 7 AS seven,"
            + " concat('group ', id % 100) AS grp, CAST(id / 100 AS DECIMAL(18, 2)) AS amount,"
            + " date_add(DATE '2020-01-01', CAST(id % 1000 AS INT)) AS day, id % 2 = 0 AS even"
            + " FROM range(0, 1000000, 1, 8)";
    private static final int FETCH_SIZE = 10_000;
    private static final String CONFIGURATION =
            """
            clusters:
              - name: local
                type: local
                metastore: none
                settings:
                  spark.master: "local[2]"
                  spark.driver.memory: 4g
            """;

    private final PrintStream out;
    private final int rounds;

    private Benchmark(PrintStream out, int rounds) {
        this.out = out;
        this.rounds = rounds;
    }

    /** The number of rounds is the only argument, 10 by default; a round is 50 statements and 20 sessions of each client. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        Path directory = Files.createTempDirectory("torii-bench-");
        EventLoopGroup loops = new NioEventLoopGroup(2);
        ExecutorService names = Executors.newSingleThreadExecutor();
        try (World world = World.start(directory, CONFIGURATION)) {
            EngineFinder finder = new EngineFinder(world);
            finder.start();
            try (JdbcClient first = new JdbcClient(HiveDriver.of("3.1.3"), world.url("default"))) {
                first.open();
                first.query(SELECT_1, FETCH_SIZE);
                first.closeSession();
            }
            EngineFinder.Found engine = finder.found();
            try (WireEngineChannels channels = new WireEngineChannels(
                            new WireConnector(loops, names, WireOptions.defaults()), ChannelTimes.defaults(), "a gateway");
                    Client direct = new DirectClient(channels, engine);
                    Client gateway = new GatewayClient(world.thriftPort());
                    Client jdbc = new JdbcClient(HiveDriver.of("3.1.3"), world.url("default"))) {
                new Benchmark(System.out, rounds).run(List.of(direct, gateway, jdbc));
            }
        } finally {
            loops.shutdownGracefully().awaitUninterruptibly(10_000);
            names.shutdownNow();
        }
    }

    private void run(List<Client> clients) throws Exception {
        out.println("| probe | client | p50 | p95 | ratio of p50 to the first |");
        out.println("|---|---|---|---|---|");
        latency("select 1", clients, 50, client -> client.query(SELECT_1, FETCH_SIZE), true);
        latency(
                "open, select 1, close",
                clients,
                20,
                client -> {
                    client.open();
                    client.query(SELECT_1, FETCH_SIZE);
                    client.closeSession();
                },
                false);
        throughput(clients);
    }

    private interface Work {
        void of(Client client) throws Exception;
    }

    private void latency(String probe, List<Client> clients, int times, Work work, boolean inSession) throws Exception {
        List<List<Double>> millis = new ArrayList<>();
        for (Client client : clients) {
            millis.add(new ArrayList<>());
            if (inSession) {
                client.open();
            }
        }
        for (int round = -2; round < rounds; round++) { // two rounds to warm up
            for (int i = 0; i < clients.size(); i++) {
                for (int time = 0; time < times; time++) {
                    long start = System.nanoTime();
                    work.of(clients.get(i));
                    if (round >= 0) {
                        millis.get(i).add((System.nanoTime() - start) / 1e6);
                    }
                }
            }
        }
        double reference = percentile(millis.get(0), 0.5);
        for (int i = 0; i < clients.size(); i++) {
            double median = percentile(millis.get(i), 0.5);
            print(
                    "| %s | %s | %.2f ms | %.2f ms | %.2f |",
                    probe, clients.get(i).name(), median, percentile(millis.get(i), 0.95), median / reference);
            if (inSession) {
                clients.get(i).closeSession();
            }
        }
    }

    private void throughput(List<Client> clients) throws Exception {
        List<List<Double>> rates = new ArrayList<>();
        for (Client client : clients) {
            client.open();
            rates.add(new ArrayList<>());
        }
        for (int round = -1; round < Math.max(3, rounds / 2); round++) {
            for (int i = 0; i < clients.size(); i++) {
                long start = System.nanoTime();
                long rows = clients.get(i).query(WIDE, FETCH_SIZE);
                if (rows != 1_000_000) {
                    throw new IllegalStateException(clients.get(i).name() + " read " + rows + " rows");
                }
                if (round >= 0) {
                    rates.get(i).add(rows / ((System.nanoTime() - start) / 1e9));
                }
            }
        }
        double reference = percentile(rates.get(0), 0.5);
        for (int i = 0; i < clients.size(); i++) {
            double median = percentile(rates.get(i), 0.5);
            print(
                    "| 1,000,000 rows x 8 columns | %s | %,.0f rows/s | %,.0f rows/s | %.2f |",
                    clients.get(i).name(), median, percentile(rates.get(i), 0.05), median / reference);
            clients.get(i).closeSession();
        }
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static double percentile(List<Double> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Arrays.stream(sorted)
                .skip((long) (share * (sorted.length - 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
