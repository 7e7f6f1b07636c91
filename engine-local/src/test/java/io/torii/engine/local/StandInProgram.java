package io.torii.engine.local;

import io.torii.api.engine.EngineLaunch;
import io.torii.launch.JvmArguments;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Starts {@link StandIn} as the launch's setting {@code behaviour} says. */
final class StandInProgram implements EngineProgram {
    static final String BEHAVIOUR = "behaviour";
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @Override
    public CompletableFuture<Start> prepare(EngineLaunch launch, Path directory) {
        Path launchFile = directory.resolve("launch.properties");
        Path arguments = directory.resolve("java.args");
        try {
            OwnFiles.writeProperties(
                    launchFile,
                    Map.of(
                            "token",
                            launch.token().value(),
                            "secret",
                            launch.secret().value()));
            OwnFiles.write(
                    arguments,
                    JvmArguments.file(List.of(
                            "-Xmx32m",
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String main = launch.spec().settings().getOrDefault("main", StandIn.class.getName());
        String behaviour = launch.spec().settings().getOrDefault(BEHAVIOUR, "lasts");
        return CompletableFuture.completedFuture(new Start(
                List.of(JAVA.toString(), "@" + arguments, main, behaviour, launchFile.toString()),
                Map.of("PATH", System.getenv("PATH"))));
    }
}
