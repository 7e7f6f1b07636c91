package io.torii.server.main;

import io.torii.server.config.ConfigLoader.Loaded;
import io.torii.server.config.EffectiveConfig;
import io.torii.server.config.InvalidConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the configuration in force. */
@Command(
        name = "config",
        description = "Checks the configuration and prints what is in force, secrets hidden.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            Loaded loaded = options.load(Installation.of(System.getenv()));
            loaded.warnings().forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
            spec.commandLine().getOut().print(EffectiveConfig.print(loaded.config()));
            spec.commandLine().getOut().flush();
            return 0;
        } catch (InvalidConfigException e) {
            spec.commandLine().getErr().println("The configuration cannot be used:");
            e.problems().forEach(problem -> spec.commandLine().getErr().println("  " + problem));
            return 1;
        }
    }
}
