package io.torii.it.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.torii.server.engine.channel.ChannelTimes;
import io.torii.server.engine.channel.WireEngineChannels;
import io.torii.wire.WireConnector;
import io.torii.wire.WireOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What the gateway costs against the same engine spoken to directly on its wire; clients take turns, round by round. */
final class GatewayCost {
    private static final int WARM_UPS = 10;

    private final int rounds;
    private final Consumer<String> lines;

    GatewayCost(int rounds, Consumer<String> lines) {
        this.rounds = rounds;
        this.lines = lines;
    }

    void measure(ToriiGateway torii) throws Exception {
        EventLoopGroup loops = new NioEventLoopGroup(2);
        ExecutorService names = Executors.newSingleThreadExecutor();
        try (WireEngineChannels channels = new WireEngineChannels(
                        new WireConnector(loops, names, WireOptions.defaults()), ChannelTimes.defaults(), "bench");
                Client direct = new DirectClient(channels, torii.engine());
                Client gateway = new GatewayClient(torii.port());
                Client jdbc = torii.client(Opponent.USER)) {
            run(List.of(direct, gateway, jdbc));
        } finally {
            loops.shutdownGracefully().awaitUninterruptibly(10_000);
            names.shutdownNow();
        }
    }

    private interface Work {
        void of(Client client) throws Exception;
    }

    private void run(List<Client> clients) throws Exception {
        lines.accept("| probe | client | p50 | p95 | ratio of p50 to the first |");
        lines.accept("|---|---|---|---|---|");
        for (Client client : clients) {
            client.open();
        }
        probe("`select 1`", Metric.Unit.MILLIS, clients, 50, GatewayCost::selectOne);
        probe("1,000,000 rows x 8 columns", Metric.Unit.SECONDS, clients, 1, GatewayCost::allRows);
        for (Client client : clients) {
            client.closeSession();
        }
        probe("open, `select 1`, close", Metric.Unit.MILLIS, clients, 20, client -> {
            client.open();
            selectOne(client);
            client.closeSession();
        });
    }

    private static void selectOne(Client client) throws Exception {
        client.query(Probe.SELECT_1, Probe.FETCH_SIZE);
    }

    private static void allRows(Client client) throws Exception {
        long rows = client.query(WideRows.SQL, Probe.FETCH_SIZE);
        if (rows != WideRows.ROWS) {
            throw new IllegalStateException(client.name() + " read " + rows + " rows");
        }
    }

    private void probe(String probe, Metric.Unit unit, List<Client> clients, int times, Work work) throws Exception {
        double units = unit == Metric.Unit.MILLIS ? 1e6 : 1e9;
        List<Samples> taken = new ArrayList<>();
        clients.forEach(client -> taken.add(new Samples()));
        for (int round = -WARM_UPS; round < rounds; round++) {
            for (int i = 0; i < clients.size(); i++) {
                for (int time = 0; time < times; time++) {
                    long start = System.nanoTime();
                    work.of(clients.get(i));
                    if (round >= 0) {
                        taken.get(i).add(round, (System.nanoTime() - start) / units);
                    }
                }
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            double median = taken.get(i).percentile(0.5);
            lines.accept("| %s | %s | %s | %s | %s |"
                    .formatted(
                            probe,
                            clients.get(i).name(),
                            unit.text(median),
                            unit.text(taken.get(i).percentile(0.95)),
                            String.format(
                                    Locale.ROOT, "%.2f", median / taken.get(0).percentile(0.5))));
        }
    }
}
