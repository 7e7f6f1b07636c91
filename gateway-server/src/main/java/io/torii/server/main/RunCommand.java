package io.torii.server.main;

import io.torii.api.error.GatewayException;
import io.torii.server.config.ConfigLoader.Loaded;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a gateway until it is told to end. */
@Command(
        name = "run",
        description = "Runs the gateway in the foreground until it is told to end.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--end-engines",
            description = "Also ends the engines and the metastore of this host when the gateway ends;"
                    + " else they go on, and the next gateway finds them")
    private boolean endEngines;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Installation installation = Installation.of(System.getenv());
        Loaded loaded;
        try {
            loaded = options.load(installation);
        } catch (InvalidConfigException e) {
            err.println("The configuration cannot be used:");
            e.problems().forEach(problem -> err.println("  " + problem));
            return 1;
        }
        loaded.warnings().forEach(warning -> log.warn("{}", warning));
        GatewayConfig config = loaded.config();
        WorkDirectory workDirectory;
        try {
            workDirectory =
                    WorkDirectory.take(installation.resolve(config.gateway().workDirectory()));
        } catch (IOException e) {
            err.println("torii: " + e.getMessage());
            return 1;
        }
        Gateway gateway;
        try {
            gateway = GatewayWiring.wire(config, installation, workDirectory);
        } catch (GatewayException | IllegalArgumentException e) {
            err.println("torii: " + e.getMessage());
            log.debug("not started", e);
            return 1;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(gateway, workDirectory, ended), "shutdown"));
        try {
            gateway.start();
            workDirectory.publish(gateway.ports());
        } catch (IOException e) {
            err.println("torii: " + e.getMessage() + hint(e));
            return 1; // the hook ends what has started
        }
        spec.commandLine().getOut().println("Torii is ready: " + url(config, gateway));
        spec.commandLine().getOut().flush();
        ended.await();
        return 0;
    }

    private void end(Gateway gateway, WorkDirectory workDirectory, CountDownLatch ended) {
        if (endEngines) {
            gateway.endEngines();
        }
        gateway.close();
        try {
            workDirectory.close();
        } catch (IOException e) {
            log.warn("The work directory cannot be left tidy: {}", e.getMessage());
        }
        ended.countDown();
    }

    private static String url(GatewayConfig config, Gateway gateway) {
        String host = config.thrift().host();
        return "jdbc:hive2://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + gateway.ports().get("thrift") + "/default"
                + (config.thrift().tls().enabled() ? ";ssl=true" : "");
    }

    private static String hint(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("in use")
                ? "; stop the program that has the port, or choose another with --port, --http-port, --home-port and"
                        + " --admin-port"
                        + " (0 picks a free one)"
                : "";
    }
}
