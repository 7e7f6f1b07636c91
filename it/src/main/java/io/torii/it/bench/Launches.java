package io.torii.it.bench;

import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.it.Home;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/**
 * What a launch on YARN costs the gateway's host: submitted by the resident agent, and by a {@code spark-submit} of its own each,
 * in the same run, to the same cluster. The cluster has no nodes, so that what engines cost when they start is left out: every
 * application is accepted and waits.
 */
public final class Launches {
    private static final int FORKED = 8;
    private static final int FORKED_AT_ONCE = 2;
    private static final int BURST = 50;
    private static final int WARM_UP = 2;

    private final Path directory;
    private final MiniHadoop hadoop;

    private Launches(Path directory) throws IOException {
        this.directory = directory;
        this.hadoop = MiniHadoop.start(
                Files.createDirectory(directory.resolve("hadoop")),
                MiniHadoopShape.small().withNodes(0, 6144, 16));
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
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
        ExecutorService executor = Executors.newCachedThreadPool();
        YarnBackend backend = new YarnBackend(config(), Clock.systemUTC(), scheduler, executor);
        try {
            for (int i = 0; i < WARM_UP; i++) {
                submit(backend).join(); // stages Spark's jars, which every launch shares
            }
            Cost resident = resident(backend);
            Cost forked = forked(staged());
            return table(resident, forked);
        } finally {
            backend.close();
            scheduler.shutdownNow();
            executor.shutdownNow();
            hadoop.close();
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

    private Cost resident(YarnBackend backend) {
        ProcessHandle agent = agent();
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

    private Cost forked(Staged staged) throws IOException, InterruptedException, ExecutionException {
        double before = childrensCpuMillis();
        long begin = System.nanoTime();
        double memory = 0;
        ExecutorService submitters = Executors.newFixedThreadPool(FORKED_AT_ONCE);
        List<Future<Double>> submissions = new ArrayList<>();
        for (int i = 0; i < FORKED; i++) {
            int number = i;
            submissions.add(submitters.submit(() -> sparkSubmit(staged, number)));
        }
        for (Future<Double> submission : submissions) {
            memory = Math.max(memory, submission.get());
        }
        submitters.shutdown();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Cost(FORKED, seconds, childrensCpuMillis() - before, memory);
    }

    /** The resident memory that it had in the end. */
    private double sparkSubmit(Staged staged, int number) throws IOException, InterruptedException {
        Path jars = YarnWorld.sparkHome().resolve("jars");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512m",
                "-cp",
                hadoop.configuration() + ":" + jars + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "yarn",
                "--deploy-mode",
                "cluster",
                "--proxy-user",
                "alice",
                "--class",
                "io.torii.spark.SparkEngineMain"));
        Map.of(
                        "spark.yarn.archive", staged.spark(),
                        "spark.yarn.maxAppAttempts", "1",
                        "spark.driver.memory", "512m",
                        "spark.yarn.submit.waitAppCompletion", "false")
                .forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
        command.addAll(List.of(staged.engine(), "none"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("submit-" + number + ".log").toFile());
        builder.environment().put("HADOOP_CONF_DIR", hadoop.configuration().toString());
        builder.environment().put("SPARK_HOME", YarnWorld.sparkHome().toString());
        Process process = builder.start();
        double memory = 0;
        while (process.isAlive()) {
            try {
                memory = Math.max(memory, Usage.residentMib(process.toHandle()));
            } catch (RuntimeException gone) {
                break;
            }
            Thread.sleep(100);
        }
        if (process.waitFor() != 0) {
            throw new IOException(
                    "spark-submit failed: " + Files.readString(directory.resolve("submit-" + number + ".log")));
        }
        return memory;
    }

    private record Staged(String spark, String engine) {}

    /** Where the agent has put what every launch needs. */
    private Staged staged() throws IOException {
        String log = Files.readString(directory.resolve("agents/agent.log"));
        return new Staged(after(log, "staged spark-jars.zip as "), after(log, "staged torii-spark-engine.jar as "));
    }

    private static String after(String log, String words) {
        return log.lines()
                .filter(line -> line.contains(words))
                .map(line ->
                        line.substring(line.indexOf(words) + words.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private static CompletableFuture<Submission> submit(YarnBackend backend) {
        EngineKey key = new EngineKey("mini", "spark", ShareLevel.CONNECTION, "s", "", "default", "");
        return backend.submit(EngineLaunch.of(new EngineSpec(key, "alice", Map.of("spark.driver.memory", "512m"))));
    }

    private static ProcessHandle agent() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("AgentMain"))
                .findFirst()
                .orElseThrow();
    }

    /** Of children that have ended, as Linux counts it: in hundredths of a second. */
    private static double childrensCpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return 10.0 * (Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    private YarnClusterConfig config() {
        return new YarnClusterConfig(
                "mini",
                "torii-bench",
                hadoop.configuration(),
                YarnWorld.sparkHome(),
                Home.directory().resolve("spark-engine/target/torii-spark-engine.jar"),
                directory.resolve("agents"),
                () -> List.of(URI.create("http://127.0.0.1:1")),
                "",
                Map.of(),
                "",
                Optional.empty(),
                true,
                Path.of(System.getProperty("java.home")));
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
