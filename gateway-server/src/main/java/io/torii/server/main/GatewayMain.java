package io.torii.server.main;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The gateway's command line; {@code bin/torii} is a thin script over it. */
@Command(
        name = "torii",
        description = "One gate in front of every big-data engine.",
        mixinStandardHelpOptions = true,
        versionProvider = GatewayMain.Version.class,
        subcommands = {
            RunCommand.class,
            StatusCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            HashPasswordCommand.class
        })
public final class GatewayMain implements Callable<Integer> {
    /** Bad arguments. */
    static final int USAGE = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new GatewayMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr().println("torii: " + problem.getMessage());
                    return 1;
                });
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    /** Of the build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = GatewayMain.class.getPackage().getImplementationVersion();
            return new String[] {"Torii " + (version == null ? "(not packaged)" : version)};
        }
    }
}
