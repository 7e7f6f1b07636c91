package io.torii.it.bench;

import io.torii.it.Home;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the servers that are there, asks them the same through Hive's JDBC driver in turn, and prints tables. Needs a
 * quiet machine; docs/benchmarks.md says more.
 */
@Command(
        name = "bench",
        description = "Measures Torii, Spark Thrift Server and Kyuubi side by side; docs/benchmarks.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Benchmark implements Callable<Integer> {
    private static final List<Probe> PROBES = List.of(
            new SelectOne(),
            new ManyAtOnce(),
            new OpenSelectClose(),
            new GroupedSum(),
            new ManySessions(),
            new WideRows(),
            new ColdStart());
    private static final String GATEWAY = "gateway";
    private static final String TORII = "torii";

    @Option(
            names = "--probes",
            split = ",",
            paramLabel = "NAME",
            description = "which of select, many, open, sum, sessions, rows, cold, gateway; all by default")
    private Set<String> probes = Set.of();

    @Option(
            names = "--opponents",
            split = ",",
            paramLabel = "NAME",
            description = "which of torii, sts, kyuubi; by default those that can be started")
    private Set<String> only = Set.of();

    @Option(names = "--rounds", paramLabel = "N", description = "rounds that count (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(
            names = "--spark-home",
            paramLabel = "DIR",
            description = "a Spark distribution, the same for all (default: SPARK_HOME, else the one of Torii's build)")
    private Optional<Path> sparkHome = Optional.empty();

    @Option(
            names = "--torii-home",
            paramLabel = "DIR",
            description = "the checkout whose build is measured (default: the one of this program)")
    private Optional<Path> toriiHome = Optional.empty();

    @Option(names = "--write", description = "also writes the tables into docs/benchmarks.md")
    private boolean write;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream progress;

    private Benchmark(Map<String, String> environment, PrintStream out, PrintStream progress) {
        this.environment = environment;
        this.out = out;
        this.progress = progress;
    }

    /** Exits with 0 if all was measured, 1 if something failed, 2 if the arguments are wrong. */
    public static void main(String[] arguments) {
        Benchmark benchmark = new Benchmark(System.getenv(), System.out, System.err);
        System.exit(new CommandLine(benchmark)
                .setExecutionExceptionHandler((problem, commandLine, parsed) -> {
                    System.err.println("bench: " + problem.getMessage());
                    for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
                        System.err.println("  by " + cause);
                    }
                    return problem instanceof IllegalArgumentException ? 2 : 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        checkNames();
        Path home = toriiHome.orElseGet(Home::directory).toAbsolutePath().normalize();
        Path spark = sparkHome
                .or(() -> variable("SPARK_HOME"))
                .orElse(home.resolve("spark-home/target"))
                .toAbsolutePath()
                .normalize();
        String machine = Machine.description(spark);
        String before = Machine.load();
        try (Stage stage = new Stage()) {
            Map<String, Opponent> opponents = opponents(home, spark, stage.directory());
            progress.println("Logs are in " + stage.directory());
            for (Opponent opponent : opponents.values()) {
                progress.println("Starting " + opponent.name());
                stage.start(opponent);
            }
            out.println("On " + machine + "; load before: " + before);
            Rounds asked = new Rounds(List.copyOf(opponents.values()), rounds, progress);
            List<String> comparison = compare(new Comparison(List.copyOf(opponents.values()), asked), asked);
            List<String> cost = cost(opponents.get(TORII));
            if (write) {
                write(machine + "; load average before the run " + before, comparison, cost);
            }
            if (asked.hasFailures()) {
                progress.println("Something failed; logs are in " + stage.directory());
                return 1;
            }
            stage.close();
            stage.deleteFiles();
        }
        return 0;
    }

    private void checkNames() {
        Set<String> unknown = new TreeSet<>(probes);
        PROBES.forEach(probe -> unknown.remove(probe.name()));
        unknown.remove(GATEWAY);
        Set<String> strangers = new TreeSet<>(only);
        strangers.removeAll(Set.of(TORII, "sts", "kyuubi"));
        unknown.addAll(strangers);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("There is no probe and no server named " + String.join(", ", unknown)
                    + "; bench --help lists them");
        }
        if (write && !probes.isEmpty()) {
            throw new IllegalArgumentException("--write is for all probes: leave out --probes");
        }
    }

    /** In the order of the table's columns. */
    private Map<String, Opponent> opponents(Path home, Path spark, Path directory) {
        Map<String, Optional<String>> missing = new LinkedHashMap<>();
        missing.put(TORII, Optional.empty());
        missing.put("sts", SparkThriftServer.missing(spark));
        missing.put("kyuubi", KyuubiServer.missing(variable("KYUUBI_HOME"), spark));
        Map<String, Opponent> opponents = new LinkedHashMap<>();
        missing.forEach((name, reason) -> {
            if (!only.isEmpty() && !only.contains(name)) {
                return;
            }
            if (reason.isEmpty()) {
                opponents.put(name, opponent(name, home, spark, directory.resolve(name)));
            } else if (only.isEmpty()) {
                progress.println("Without " + name + ": " + reason.get());
            } else {
                throw new IllegalArgumentException(name + " cannot be started: " + reason.get());
            }
        });
        return opponents;
    }

    private Opponent opponent(String name, Path home, Path spark, Path directory) {
        return switch (name) {
            case TORII -> new ToriiGateway(home, spark, directory);
            case "sts" -> new SparkThriftServer(spark, directory);
            default -> new KyuubiServer(variable("KYUUBI_HOME").orElseThrow(), spark, directory);
        };
    }

    private List<String> compare(Comparison table, Rounds asked) {
        List<String> lines = new ArrayList<>();
        for (Probe probe : PROBES) {
            if (!probes.isEmpty() && !probes.contains(probe.name())) {
                continue;
            }
            asked.run(probe);
            List<String> more = new ArrayList<>(lines.isEmpty() ? table.head() : List.of());
            probe.metrics().forEach(metric -> more.add(table.line(metric)));
            more.forEach(out::println);
            lines.addAll(more);
        }
        return lines;
    }

    private List<String> cost(Opponent torii) throws Exception {
        List<String> lines = new ArrayList<>();
        if (torii instanceof ToriiGateway gateway && (probes.isEmpty() || probes.contains(GATEWAY))) {
            out.println();
            new GatewayCost(rounds, line -> {
                        out.println(line);
                        lines.add(line);
                    })
                    .measure(gateway);
        }
        return lines;
    }

    private void write(String machine, List<String> comparison, List<String> cost) throws Exception {
        BenchmarksDocument document = new BenchmarksDocument(Home.directory().resolve("docs/benchmarks.md"));
        String command = "bin/bench --write --rounds " + rounds
                + (only.isEmpty()
                        ? ""
                        : " --opponents " + only.stream().sorted().collect(Collectors.joining(",")));
        String from = "Measured on " + LocalDate.now(ZoneOffset.UTC) + " on " + machine + ", by `" + command + "`:";
        document.replace("opponents", concat(from, comparison));
        if (!cost.isEmpty()) {
            document.replace("gateway", concat(from, cost));
        }
        progress.println("Written to " + document.file());
    }

    private static List<String> concat(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first, ""));
        all.addAll(rest);
        return all;
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }
}
