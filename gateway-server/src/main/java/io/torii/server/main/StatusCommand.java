package io.torii.server.main;

import io.torii.server.config.InvalidConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says whether a gateway runs. */
@Command(
        name = "status",
        description = "Says whether the gateway runs, and where; exit code 0 if it is ready, 3 if it is not there, 4 if"
                + " it is starting.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;
    private static final int STARTING = 4;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--pid", description = "Prints the process id and nothing else")
    private boolean pidOnly;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Installation installation = Installation.of(System.getenv());
        Path workDirectory;
        try {
            workDirectory = installation.resolve(
                    options.load(installation).config().gateway().workDirectory());
        } catch (InvalidConfigException e) {
            spec.commandLine().getErr().println("The configuration cannot be used:\n" + e.getMessage());
            return 1;
        }
        Optional<Long> pid = WorkDirectory.owner(workDirectory);
        if (pid.isEmpty()) {
            if (!pidOnly) {
                out.println("Torii is not running (work directory " + workDirectory + ")");
            }
            return NOT_RUNNING;
        }
        Map<String, Integer> ports = WorkDirectory.ports(workDirectory);
        if (pidOnly) {
            out.println(pid.get());
        } else if (ports.isEmpty()) {
            out.println("Torii is starting or ending: pid " + pid.get());
        } else {
            out.println("Torii is running: pid " + pid.get() + ", Thrift port " + ports.get("thrift")
                    + (ports.containsKey("thrift-http") ? ", over HTTP " + ports.get("thrift-http") : "")
                    + ", engines call home at port " + ports.get("home"));
        }
        return ports.isEmpty() ? STARTING : 0;
    }
}
