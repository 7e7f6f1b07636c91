package io.torii.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the programs in {@code bin/}, as a shell would start it, with its output in files. One thread at a time. */
public final class Script {
    /** How a program has ended, and what it has printed. */
    public record Result(int exit, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private Script(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it.
     *
     * @param directory for the files with its output
     * @param environment on top of this process's own; an empty value unsets a variable
     */
    public static Script start(Path directory, Map<String, String> environment, String name, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Home.directory().resolve("bin").resolve(name).toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, name, ".out");
        Path err = Files.createTempFile(directory, name, ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        environment.forEach((variable, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        return new Script(builder.start(), out, err);
    }

    /** Starts it and waits for its end. */
    public static Result run(Path directory, Map<String, String> environment, String name, String... arguments)
            throws IOException, InterruptedException {
        return start(directory, environment, name, arguments).end(Duration.ofMinutes(3));
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** What it has printed so far, errors left out. */
    public String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    public Result end(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("has not ended after " + limit + ": " + out() + Files.readString(err));
        }
        return new Result(process.exitValue(), out(), Files.readString(err, StandardCharsets.UTF_8));
    }
}
