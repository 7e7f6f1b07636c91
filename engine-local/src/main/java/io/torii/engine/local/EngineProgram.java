package io.torii.engine.local;

import io.torii.api.engine.EngineLaunch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What is started for a launch. Thread-safe. */
interface EngineProgram {
    /**
     * Writes what the program needs into the launch's directory and says how to start it. May be called on a thread that
     * may block; fails with a GatewayException that says what is missing.
     */
    CompletableFuture<Start> prepare(EngineLaunch launch, Path directory);

    /** Hears that an engine has been running for a while, or has ended. */
    default void settled(Path directory) {}

    /** Hears that an engine ended with this exit code. */
    default void ended(Path directory, int exitCode) {}

    /** Whether engines could be started now; a sentence that says why not, or empty. */
    default String problem() {
        return "";
    }

    /**
     * @param command the program and its arguments; nothing secret, everybody on the host can see it
     * @param environment the whole environment of the process
     */
    record Start(List<String> command, Map<String, String> environment) {
        public Start {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }
}
