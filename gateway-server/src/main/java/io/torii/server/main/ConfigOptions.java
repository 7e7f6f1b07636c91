package io.torii.server.main;

import io.torii.server.config.ConfigLoader;
import io.torii.server.config.ConfigLoader.Loaded;
import io.torii.server.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of every command that reads the configuration. */
final class ConfigOptions {
    @Option(names = "--conf", paramLabel = "FILE", description = "Configuration to read instead of conf/torii.yaml")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one key over file and environment: --set thrift.port=0")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The same as --set thrift.port=PORT; 0 picks a free one")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "The same as --set thrift.http.port=PORT; 0 picks a free one")
    private Optional<Integer> httpPort = Optional.empty();

    @Option(
            names = "--home-port",
            paramLabel = "PORT",
            description = "The same as --set home.port=PORT; 0 picks a free one")
    private Optional<Integer> homePort = Optional.empty();

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "The same as --set admin.port=PORT; 0 picks a free one")
    private Optional<Integer> adminPort = Optional.empty();

    /** Throws an InvalidConfigException that says everything that is wrong. */
    Loaded load(Installation installation) throws InvalidConfigException {
        Map<String, String> flags = new LinkedHashMap<>();
        String workDirectory = installation.environment().getOrDefault("TORII_WORK_DIR", "");
        if (!workDirectory.isBlank()) {
            flags.put("gateway.work-directory", workDirectory);
        }
        port.ifPresent(number -> flags.put("thrift.port", number.toString()));
        httpPort.ifPresent(number -> flags.put("thrift.http.port", number.toString()));
        homePort.ifPresent(number -> flags.put("home.port", number.toString()));
        adminPort.ifPresent(number -> flags.put("admin.port", number.toString()));
        flags.putAll(values);
        Optional<Path> source = file.isPresent() ? file : installation.configuration();
        return new ConfigLoader(installation.environment()).load(source, flags);
    }
}
