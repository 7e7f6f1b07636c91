package io.torii.server.main;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import io.torii.launch.OwnFiles;
import io.torii.server.config.ClusterConfig;
import io.torii.server.config.ConfigLoader.Loaded;
import io.torii.server.config.InvalidConfigException;
import io.torii.server.doctor.Diagnosis;
import io.torii.server.doctor.Doctor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether a gateway with this configuration would work, and what to do if not; beside a gateway that runs, too. */
@Command(
        name = "doctor",
        description = "Looks at what a new installation gets wrong and prints a line for each thing, with what to do;"
                + " changes nothing. Exit code 0 if nothing is wrong, 1 if something is, 2 if it cannot begin.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--cluster", paramLabel = "NAME", description = "Looks at no other cluster")
    private Optional<String> cluster = Optional.empty();

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "For whom the gateway shall try to act on clusters where engines run as their users; not"
                    + " given, it tries for 'nobody'")
    private Optional<String> user = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Installation installation = Installation.of(System.getenv());
        Loaded loaded;
        try {
            loaded = options.load(installation);
        } catch (InvalidConfigException e) {
            err.println("The configuration cannot be used:");
            e.problems().forEach(problem -> err.println("  " + problem));
            return GatewayMain.USAGE;
        }
        List<ClusterConfig> clusters = loaded.config().clusters().stream()
                .filter(one -> cluster.isEmpty() || cluster.get().equals(one.name()))
                .toList();
        if (clusters.isEmpty()) {
            err.println("torii: There is no cluster '" + cluster.orElse("") + "'; there are: "
                    + loaded.config().clusters().stream()
                            .map(ClusterConfig::name)
                            .collect(Collectors.joining(", ")));
            return GatewayMain.USAGE;
        }
        loaded.warnings().forEach(warning -> err.println("warning: " + warning));
        Path scratch = Files.createTempDirectory("torii-doctor-");
        try {
            return examine(DoctorWiring.checks(loaded.config(), clusters, user, installation, scratch))
                    .exitCode();
        } finally {
            OwnFiles.delete(scratch);
        }
    }

    private Diagnosis examine(List<Check> checks) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "check");
            thread.setDaemon(true); // one that waits for ever keeps nobody
            return thread;
        });
        try {
            Diagnosis diagnosis = new Doctor(threads, finding -> print(out, finding)).examine(checks);
            out.println(diagnosis.summary());
            out.flush();
            return diagnosis;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void print(PrintWriter out, Finding finding) {
        out.println(finding.line());
        out.flush();
    }
}
