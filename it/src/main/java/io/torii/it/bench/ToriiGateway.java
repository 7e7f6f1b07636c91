package io.torii.it.bench;

import io.torii.it.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A gateway of the checkout that is measured, with engines of its own. */
final class ToriiGateway implements Opponent {
    private final Path home;
    private final Path sparkHome;
    private final Path directory;
    private volatile Optional<World> world = Optional.empty();
    private Optional<EngineFinder> finder = Optional.empty();

    ToriiGateway(Path home, Path sparkHome, Path directory) {
        this.home = home;
        this.sparkHome = sparkHome;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "Torii";
    }

    @Override
    public void start() throws Exception {
        World started =
                World.start(Files.createDirectories(directory), configuration(), Map.of("TORII_HOME", home.toString()));
        world = Optional.of(started);
        EngineFinder looking = new EngineFinder(started);
        looking.start();
        finder = Optional.of(looking);
        Opponent.secondsToRow(client(USER));
    }

    private String configuration() {
        String settings = SparkSettings.in(directory).entrySet().stream()
                .map(entry -> "      " + entry.getKey() + ": \"" + entry.getValue() + "\"\n")
                .collect(Collectors.joining());
        return """
                clusters:
                  - name: local
                    type: local
                    spark-home: "%s"
                    metastore: none
                    settings:
                %s"""
                .formatted(sparkHome, settings);
    }

    /** The engine of the probes, as only their owner can find it. */
    EngineFinder.Found engine() throws InterruptedException {
        return finder.orElseThrow().found();
    }

    int port() {
        return world.orElseThrow().thriftPort();
    }

    @Override
    public String url() {
        return world.orElseThrow().url("default");
    }

    @Override
    public List<ProcessHandle> processes() {
        return world.map(started -> Stream.concat(Stream.of(started.gateway()), started.engines().stream())
                        .toList())
                .orElse(List.of());
    }

    @Override
    public FirstRow firstRow(int turn) throws Exception {
        List<ProcessHandle> before = processes();
        String user = "cold" + turn;
        try {
            double cold = Opponent.secondsToRow(client(user));
            return new FirstRow(cold, Optional.of(Opponent.secondsToRow(client(user))));
        } finally {
            List<ProcessHandle> after = new ArrayList<>(processes());
            after.removeAll(before);
            ServerProcess.end(after);
        }
    }

    @Override
    public synchronized void close() {
        world.ifPresent(World::close);
        world = Optional.empty();
    }
}
