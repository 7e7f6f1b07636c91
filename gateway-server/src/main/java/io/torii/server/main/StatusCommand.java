package io.torii.server.main;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.torii.server.admin.GatewayStatus;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
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
        description =
                "Says whether the gateway runs, where, and with what sessions, engines and memory; exit code 0 if it is ready, 3 if it is not there, 4 if"
                        + " it is starting.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;
    private static final int STARTING = 4;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--pid", description = "Prints the process id and nothing else")
    private boolean pidOnly;

    @Option(names = "--json", description = "Prints all that the gateway says of itself, as JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Installation installation = Installation.of(System.getenv());
        Path workDirectory;
        String adminHost;
        try {
            GatewayConfig config = options.load(installation).config();
            workDirectory = installation.resolve(config.gateway().workDirectory());
            adminHost = config.admin().host();
        } catch (InvalidConfigException e) {
            spec.commandLine().getErr().println("The configuration cannot be used:\n" + e.getMessage());
            return 1;
        }
        Optional<Long> pid = WorkDirectory.owner(workDirectory);
        if (pid.isEmpty()) {
            if (json) {
                spec.commandLine().getErr().println("torii: No gateway runs (work directory " + workDirectory + ")");
            } else if (!pidOnly) {
                out.println("Torii is not running (work directory " + workDirectory + ")");
            }
            return NOT_RUNNING;
        }
        Map<String, Integer> ports = WorkDirectory.ports(workDirectory);
        if (pidOnly) {
            out.println(pid.get());
            return ports.isEmpty() ? STARTING : 0;
        }
        if (!json) {
            out.println(
                    ports.isEmpty()
                            ? "Torii is starting or ending: pid " + pid.get()
                            : "Torii is running: pid " + pid.get() + ", Thrift port " + ports.get("thrift")
                                    + (ports.containsKey("thrift-http")
                                            ? ", over HTTP " + ports.get("thrift-http")
                                            : "")
                                    + ", engines call home at port " + ports.get("home"));
        }
        boolean told = tell(ports, adminHost, workDirectory, out);
        if (ports.isEmpty()) {
            return STARTING;
        }
        return told || !json ? 0 : 1;
    }

    /** What the gateway says of itself, or in one sentence why it does not; true if it does. */
    private boolean tell(Map<String, Integer> ports, String host, Path workDirectory, PrintWriter out) {
        PrintWriter err = spec.commandLine().getErr();
        if (!ports.containsKey("admin")) {
            if (json || !ports.isEmpty()) {
                err.println("torii: The gateway does not say more: it "
                        + (ports.isEmpty() ? "is starting or ending" : "has no admin port (admin.enabled)"));
            }
            return false;
        }
        try {
            String answer = StatusClient.ask(host, ports.get("admin"), workDirectory);
            if (json) {
                out.print(answer);
                out.flush();
            } else {
                StatusText.of(
                                new ObjectMapper().readValue(answer, GatewayStatus.class),
                                Clock.systemUTC().instant())
                        .forEach(out::println);
            }
            return true;
        } catch (IOException problem) {
            err.println("torii: The gateway does not say more: " + problem.getMessage());
            return false;
        }
    }
}
