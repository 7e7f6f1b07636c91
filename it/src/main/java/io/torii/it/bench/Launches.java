package io.torii.it.bench;

import io.torii.api.cluster.Submission;
import io.torii.it.Home;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What launches on YARN cost the gateway's host, and how long their users wait: submitted by the resident agent, and by a {@code
 * spark-submit} of its own each, in the same run, to the same cluster. For the costs the cluster has no nodes, so that what engines
 * take when they start is left out: every application is accepted and waits.
 */
public final class Launches {
    private static final int FORKED = 8;
    private static final int FORKED_AT_ONCE = 2;
    private static final int BURST = 50;
    private static final int WARM_UP = 2;
    private static final String USER = "alice";
    private static final Map<String, String> SETTINGS = Map.of("spark.driver.memory", "512m");

    private final Path directory;

    private Launches(Path directory) {
        this.directory = directory;
    }

    /** @param arguments {@code --write} puts the table into docs/benchmarks.md */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("torii-launches-");
        List<String> table = new Launches(directory).run();
        table.forEach(System.out::println);
        if (List.of(arguments).contains("--write")) {
            new BenchmarksDocument(Home.directory().resolve("docs/benchmarks.md")).replace("launches", table);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        System.exit(0);
    }

    private List<String> run() throws Exception {
        List<String> table = new ArrayList<>(costs());
        try (FirstRows rows = new FirstRows(directory.resolve("first-rows"))) {
            table.add("");
            table.addAll(rows.table());
        }
        return table;
    }

    private List<String> costs() throws Exception {
        MiniHadoopShape nodeless = MiniHadoopShape.small().withNodes(0, 6144, 16);
        try (MiniHadoop hadoop = MiniHadoop.start(Files.createDirectory(directory.resolve("hadoop")), nodeless);
                BenchBackend backend = new BenchBackend(
                        hadoop, directory.resolve("agents"), URI.create("http://127.0.0.1:1"), SETTINGS)) {
            for (int i = 0; i < WARM_UP; i++) {
                submit(backend).join(); // stages Spark's jars, which every launch shares
            }
            Cost resident = resident(backend);
            Cost forked = forked(new SparkSubmits(hadoop.configuration(), backend.log(), directory.resolve("submits")));
            return table(resident, forked);
        }
    }

    /**
     * @param seconds for all launches
     * @param cpuMillis of all, on the gateway's host
     * @param memory mebibytes that the submitter had
     */
    private record Cost(int launches, double seconds, double cpuMillis, double memory) {
        double perMinute() {
            return launches * 60 / seconds;
        }

        double cpuEach() {
            return cpuMillis / launches;
        }
    }

    private Cost resident(BenchBackend backend) {
        ProcessHandle agent = backend.agent();
        List<ProcessHandle> both = List.of(agent, ProcessHandle.current());
        double before = Usage.cpuMillis(both);
        long begin = System.nanoTime();
        List<CompletableFuture<Submission>> submissions = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            submissions.add(submit(backend));
        }
        long accepted = submissions.stream()
                .filter(submission -> submission.join() == Submission.ACCEPTED)
                .count();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (accepted < BURST) {
            throw new IllegalStateException(accepted + " of " + BURST + " launches were accepted");
        }
        return new Cost(BURST, seconds, Usage.cpuMillis(both) - before, Usage.residentMib(agent));
    }

    private Cost forked(SparkSubmits submits) throws IOException, InterruptedException, ExecutionException {
        double before = childrensCpuMillis();
        long begin = System.nanoTime();
        double memory = 0;
        ExecutorService submitters = Executors.newFixedThreadPool(FORKED_AT_ONCE);
        List<Future<Double>> submissions = new ArrayList<>();
        for (int i = 0; i < FORKED; i++) {
            submissions.add(submitters.submit(() -> submits.submit(USER, SETTINGS, Path.of("none"))));
        }
        for (Future<Double> submission : submissions) {
            memory = Math.max(memory, submission.get());
        }
        submitters.shutdown();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Cost(FORKED, seconds, childrensCpuMillis() - before, memory);
    }

    private static CompletableFuture<Submission> submit(BenchBackend backend) {
        return backend.backend().submit(backend.launch(USER));
    }

    /** Of children that have ended, as Linux counts it: in hundredths of a second. */
    private static double childrensCpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return 10.0 * (Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    private static List<String> table(Cost resident, Cost forked) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "Measured on %s on %d cores; load average at the end %s, by `bin/bench launches --write`:",
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        Machine.load()),
                "",
                "| launches on YARN | resident agent | one spark-submit each | better by | aim |",
                "|---|---|---|---|---|",
                row(
                        "launches, all accepted",
                        resident.launches() + " in a burst",
                        forked.launches() + ", two at a time",
                        "",
                        ""),
                row(
                        "accepted per minute",
                        number(resident.perMinute()),
                        number(forked.perMinute()),
                        times(resident.perMinute() / forked.perMinute()),
                        "200"),
                row(
                        "CPU of the gateway's host for each",
                        number(resident.cpuEach()) + " ms",
                        number(forked.cpuEach()) + " ms",
                        times(forked.cpuEach() / resident.cpuEach()),
                        "5 x"),
                row(
                        "resident memory of the submitter",
                        number(resident.memory()) + " MiB for all",
                        number(forked.memory()) + " MiB each",
                        "",
                        "bounded"));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "**%.1f x**", ratio);
    }
}
